import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clipSampleRateHz, decodeFlacClips } from '../../tools/demo-call/flac-clip.ts';

const clipFolder = fileURLToPath(new URL('../fixtures/demo-call', import.meta.url));

/** Speech and silence in turn, as a microphone hears them. */
export interface MicrophoneRecording {
  path: string;
  /** When somebody speaks, milliseconds from the start of the recording. */
  speech: { startMs: number; endMs: number }[];
  lengthMs: number;
}

/** A stretch of a recording: the clips of one speaker without a pause, or silence. */
export type Stretch = { clips: string[] } | { silenceMs: number };

/** Writes a mono 16 kHz WAV for Chromium's fake microphone. */
export async function writeMicrophoneRecording(
  path: string,
  stretches: Stretch[],
): Promise<MicrophoneRecording> {
  const samples: number[] = [];
  const speech: MicrophoneRecording['speech'] = [];
  const nowMs = () => (samples.length * 1_000) / clipSampleRateHz;
  for (const stretch of stretches) {
    if ('silenceMs' in stretch) {
      const count = (stretch.silenceMs * clipSampleRateHz) / 1_000;
      for (let i = 0; i < count; i++) samples.push(0);
      continue;
    }
    const startMs = nowMs();
    for (const clip of await decodeFlacClips(stretch.clips.map((name) => join(clipFolder, name))))
      for (const sample of clip) samples.push(sample);
    speech.push({ startMs, endMs: nowMs() });
  }
  await writeFile(path, encodeWav(Int16Array.from(samples), clipSampleRateHz));
  return { path, speech, lengthMs: nowMs() };
}

/** Mono s16 PCM in a RIFF/WAVE container. */
function encodeWav(samples: Int16Array, sampleRateHz: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'ascii');
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8, 'ascii');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(2 * sampleRateHz, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'ascii');
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}
