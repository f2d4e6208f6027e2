import { type Browser, chromium } from 'playwright-core';

/**
 * What its microphone is: a WAV that it plays once and then is silent, allowed without asking; `tone` for Chromium's own
 * beeps, allowed or not by the context; `none` for a machine without any.
 */
export type FakeMicrophone = { recording: string } | 'tone' | 'none';

const fakeDevice = '--use-fake-device-for-media-stream';

/** A headless Chromium with the microphone that a test needs. */
export function launchChromium(microphone: FakeMicrophone): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      ...microphoneFlags(microphone),
    ],
  });
}

function microphoneFlags(microphone: FakeMicrophone): string[] {
  if (microphone === 'none') return [];
  if (microphone === 'tone') return [fakeDevice];
  return [
    fakeDevice,
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphone.recording}%noloop`,
  ];
}
