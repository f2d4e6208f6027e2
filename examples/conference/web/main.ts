import type { Voice } from '../src/conference-events.ts';
import { ConferenceClient } from './conference-client.ts';

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const form = element<HTMLFormElement>('join');
const others = element('others');
const muteButton = element('mute');
const consentBox = element<HTMLInputElement>('consent');

const client = new ConferenceClient({
  voice: (voice) => attempt(() => listen(voice)),
  left: ({ participantId }) => document.getElementById(`voice-${participantId}`)?.remove(),
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
  const item = document.createElement('li');
  item.id = `voice-${participantId}`;
  item.append(name, audio);
  document.getElementById(item.id)?.remove();
  others.append(item);
  await audio.play();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const consent = given.has('consent');
  attempt(async () => {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    const voices = await client.join(
      {
        roomId: String(given.get('roomId')),
        name: String(given.get('name')),
        role: given.get('role') === 'agent' ? 'agent' : 'customer',
        consent,
      },
      microphone.getAudioTracks()[0]!,
    );
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
