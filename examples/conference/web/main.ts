import type { Voice } from '../src/conference-events.ts';
import { ConferenceClient } from './conference-client.ts';

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const form = element<HTMLFormElement>('join');
const tiles = element('tiles');
const muteButton = element('mute');
const consentBox = element<HTMLInputElement>('consent');

const client = new ConferenceClient({
  voice: (voice) => attempt(() => listen(voice)),
  left: ({ participantId }) => tileOf(participantId)?.remove(),
  decision: ({ analysed, reason }) => {
    element('decision').textContent = analysed
      ? 'Undertone analyses how your voice sounds.'
      : `Undertone does not analyse your voice: ${reason}.`;
  },
});

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    element('problem').textContent = error instanceof Error ? error.message : String(error);
  }
}

async function listen({ participantId, name, producerId }: Voice): Promise<void> {
  const audio = new Audio();
  audio.srcObject = await client.listen(producerId);
  addTile(participantId, name, audio);
  await audio.play();
}

const tileOf = (participantId: string) => document.getElementById(`tile-${participantId}`);
/** Undertone: where its overlay comes from, and the call that it shows; null while there is none. */
let overlay: { dashboardUrl: string; call: string } | null = null;

function addTile(participantId: string, name: string, ...media: HTMLElement[]): void {
  const tile = document.createElement('li');
  tile.id = `tile-${participantId}`;
  tile.className = 'tile';
  tile.append(name, ...media);
  if (overlay) {
    // Undertone: one element beside each participant.
    const voice = document.createElement('undertone-overlay');
    voice.setAttribute('src', overlay.dashboardUrl);
    voice.setAttribute('call', overlay.call);
    voice.setAttribute('speaker', participantId);
    voice.setAttribute('timeline', '');
    tile.append(voice);
  }
  tileOf(participantId)?.remove();
  tiles.append(tile);
}

/** Undertone: loads the overlay. The conference goes on without it if the dashboard is away. */
function loadOverlay(dashboardUrl: string, call: string): void {
  const script = document.createElement('script');
  script.type = 'module';
  script.src = `${dashboardUrl}/overlay.js`;
  document.head.append(script);
  overlay = { dashboardUrl, call };
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const consent = given.has('consent');
  attempt(async () => {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const roomId = String(given.get('roomId'));
    const name = String(given.get('name'));
    const { voices, participantId, dashboardUrl } = await client.join(
      {
        roomId,
        name,
        role: given.get('role') === 'agent' ? 'agent' : 'customer',
        consent,
      },
      microphone.getAudioTracks()[0]!,
    );
    if (dashboardUrl) loadOverlay(dashboardUrl, roomId);
    addTile(participantId, `${name} (you)`);
    consentBox.checked = consent;
    form.hidden = true;
    element('room').hidden = false;
    await Promise.all(voices.map(listen));
  });
});

muteButton.addEventListener('click', () => {
  const muted = muteButton.ariaPressed !== 'true';
  muteButton.ariaPressed = String(muted);
  attempt(() => client.setMuted(muted));
});

consentBox.addEventListener('change', () => attempt(() => client.setConsent(consentBox.checked)));

element('leave').addEventListener('click', () => {
  client.leave();
  location.reload();
});
