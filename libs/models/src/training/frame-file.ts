import type { SpeechFrames } from './speech-frames.ts';

/** A clip's frames as one file: log mel energies, pitch and, if there, waveform as float32 of this machine, then the speech bytes. */
export function frameFile({ logMel, pitch, waveform, speech }: SpeechFrames): Uint8Array {
  const floats = [logMel, pitch, ...(waveform === null ? [] : [waveform])];
  return Buffer.concat([...floats.map(bytesOf), speech]);
}

/** The frames in a file that `frameFile` made. */
export function framesOfFile(file: Uint8Array, bands: number, hasWaveform: boolean): SpeechFrames {
  const width = bands + 2 + (hasWaveform ? 3 : 0);
  const count = file.byteLength / (4 * width + 1);
  const floats = new Float32Array(
    file.buffer.slice(file.byteOffset, file.byteOffset + 4 * width * count) as ArrayBuffer,
  );
  return {
    bands,
    logMel: floats.subarray(0, bands * count),
    pitch: floats.subarray(bands * count, (bands + 2) * count),
    waveform: hasWaveform ? floats.subarray((bands + 2) * count) : null,
    speech: new Uint8Array(file.subarray(floats.byteLength)),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
