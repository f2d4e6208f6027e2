import { type Browser, chromium } from 'playwright-core';

/**
 * A headless Chromium whose microphone plays a WAV file once, then silence.
 * @param recording path of the WAV; null for a browser that only watches
 */
export function launchChromium(recording: string | null): Promise<Browser> {
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
      ...(recording === null
        ? []
        : [
            '--use-fake-ui-for-media-stream',
            '--use-fake-device-for-media-stream',
            `--use-file-for-fake-audio-capture=${recording}%noloop`,
          ]),
    ],
  });
}
