/** Samples of each channel, −1…1. */
export interface DecodedAudio {
  sampleRateHz: number;
  channels: Float32Array[];
}

const formatPcm = 1;
const formatFloat = 3;
const formatExtensible = 0xfffe;

/**
 * Reads RIFF/WAVE with 8, 16, 24 or 32-bit PCM or 32-bit float samples.
 * @throws Error saying what is wrong with the file
 */
export function decodeWav(bytes: Uint8Array): DecodedAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.byteLength < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let format: { code: number; channels: number; sampleRateHz: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const name = tag(at);
    const start = at + 8;
    const size = view.getUint32(at + 4, true);
    if (name === 'fmt ' && start + 16 <= bytes.byteLength) {
      const code = view.getUint16(start, true);
      format = {
        // The real code of the extensible format is the first field of its GUID.
        code: code === formatExtensible && size >= 26 ? view.getUint16(start + 24, true) : code,
        channels: view.getUint16(start + 2, true),
        sampleRateHz: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      };
    } else if (name === 'data') {
      if (format === null) throw new Error('the WAV file has its data before its format');
      const end = Math.min(bytes.byteLength, start + size);
      const read = sampleReader(view, format.code, format.bits);
      const stride = format.channels * (format.bits / 8);
      const frames = Math.floor((end - start) / stride);
      const channels = Array.from({ length: format.channels }, (_, channel) =>
        Float32Array.from({ length: frames }, (_, i) =>
          read(start + i * stride + channel * (format!.bits / 8)),
        ),
      );
      return { sampleRateHz: format.sampleRateHz, channels };
    }
    at = start + size + (size % 2);
  }
  throw new Error('the WAV file has no data');
}

function sampleReader(view: DataView, code: number, bits: number): (at: number) => number {
  if (code === formatFloat && bits === 32) return (at) => view.getFloat32(at, true);
  if (code === formatPcm) {
    switch (bits) {
      case 8:
        return (at) => (view.getUint8(at) - 128) / 128;
      case 16:
        return (at) => view.getInt16(at, true) / 32_768;
      case 24:
        return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608;
      case 32:
        return (at) => view.getInt32(at, true) / 2_147_483_648;
    }
  }
  throw new Error(`WAV format ${code} with ${bits} bits is not supported`);
}
