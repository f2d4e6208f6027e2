import { microphoneProblem, type Problem, problems } from './problem.ts';

const rememberedDevice = 'undertone.microphone';

/** What the page shows of the microphone; a new object for every change. */
export interface MicrophoneState {
  /** Null until a microphone is open. */
  readonly stream: MediaStream | null;
  readonly deviceId: string | null;
  /** Empty until a microphone was opened once: browsers hide names before. */
  readonly devices: readonly MediaDeviceInfo[];
  readonly problem: Problem | null;
}

/** The browser's microphones: which there are, which is open, which was chosen last time. */
export class Microphone {
  readonly #raw: boolean;
  readonly #onChange: () => void;
  #state: MicrophoneState = { stream: null, deviceId: null, devices: [], problem: null };

  /** @param raw open it without the browser's processing */
  constructor(raw: boolean, onChange: () => void) {
    this.#raw = raw;
    this.#onChange = onChange;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#list());
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** The open microphone's track; null when none is open or it was unplugged. */
  get track(): MediaStreamTrack | null {
    const track = this.#state.stream?.getAudioTracks()[0];
    return track?.readyState === 'live' ? track : null;
  }

  /** Opens the microphone if the person has allowed it before, so that nobody is asked unprepared. */
  async openIfAllowed(): Promise<void> {
    const permission = await navigator.permissions
      ?.query({ name: 'microphone' as PermissionName })
      .catch(() => null);
    if (permission?.state === 'granted') await this.open();
  }

  /**
   * Opens a microphone in place of the one that is open.
   * @param deviceId the one chosen last time when absent; any other if it is no longer there
   * @returns whether it is open; `state.problem` says why not
   */
  async open(deviceId: string | null = localStorage.getItem(rememberedDevice)): Promise<boolean> {
    if (navigator.mediaDevices === undefined) return this.#fail(problems.insecure);
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: this.#constraints(deviceId) });
    } catch (error) {
      return this.#fail(microphoneProblem(error));
    }
    for (const track of this.#state.stream?.getTracks() ?? []) track.stop();
    const [track] = stream.getAudioTracks();
    track.addEventListener('ended', () => this.#fail(problems.microphoneLost), { once: true });
    const opened = track.getSettings().deviceId ?? null;
    if (opened !== null) localStorage.setItem(rememberedDevice, opened);
    this.#change({ stream, deviceId: opened, problem: null });
    await this.#list();
    return true;
  }

  #constraints(deviceId: string | null): MediaTrackConstraints {
    return {
      ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
      channelCount: { ideal: 1 },
      echoCancellation: !this.#raw,
      noiseSuppression: !this.#raw,
      autoGainControl: !this.#raw,
    };
  }

  async #list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.#change({
      devices: devices.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== ''),
    });
  }

  #fail(problem: Problem): false {
    this.#change({ problem });
    return false;
  }

  #change(changes: Partial<MicrophoneState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#onChange();
  }
}
