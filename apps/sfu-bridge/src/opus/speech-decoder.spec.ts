import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import OpusScript from 'opusscript';
import { afterEach, describe, expect, it } from 'vitest';
import { libopusWasm } from './libopus-wasm-decoder.ts';
import { hasInbandFec } from './opus-packet.ts';
import { opusscript, opusscriptLimit } from './opusscript-decoder.ts';
import {
  maxDecodedSamples,
  type SpeechDecoder,
  type SpeechDecoderFactory,
  undecodable,
} from './speech-decoder.ts';

const frameSamples = 320;
/** libopus at 16 kHz: the decoder lags the encoder's input by 6.5 ms. */
const codecDelaySamples = 104;

const wav = readFileSync(new URL('../../../../test/fixtures/speech/11b09Fd.wav', import.meta.url));
const speech = new Int16Array(
  wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length - (wav.length % 2)),
);
const frameCount = Math.floor(speech.length / frameSamples);

function encode(fec: boolean): Buffer[] {
  const encoder = new OpusScript(16_000, 1, OpusScript.Application.VOIP);
  encoder.setBitrate(32_000);
  encoder.encoderCTL(4012, fec ? 1 : 0);
  encoder.encoderCTL(4014, fec ? 20 : 0);
  const packets = Array.from({ length: frameCount }, (_, n) => {
    const pcm = speech.subarray(n * frameSamples, (n + 1) * frameSamples);
    return encoder.encode(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength), frameSamples);
  });
  encoder.delete();
  return packets;
}

const open: SpeechDecoder[] = [];
async function create(factory: SpeechDecoderFactory): Promise<SpeechDecoder> {
  const decoder = await factory.create();
  open.push(decoder);
  return decoder;
}
afterEach(() => {
  for (const decoder of open.splice(0)) decoder.close();
});

/** Decodes all packets; those in `lost` are handled by `fill`. */
function decodeAll(
  decoder: SpeechDecoder,
  packets: Uint8Array[],
  lost: ReadonlySet<number> = new Set(),
  fill: (next: Uint8Array, out: Int16Array) => number = () => 0,
): Int16Array {
  const line = new Int16Array(packets.length * frameSamples);
  const out = new Int16Array(maxDecodedSamples);
  packets.forEach((packet, n) => {
    const samples = lost.has(n) ? fill(packets[n + 1], out) : decoder.decode(packet, out);
    expect(samples).toBe(frameSamples);
    line.set(out.subarray(0, samples), n * frameSamples);
  });
  return line;
}

/** Ratio of signal to error in dB over the frames given. */
function snrDb(reference: Int16Array, line: Int16Array, frames: Iterable<number>, delaySamples = 0): number {
  let signal = 0;
  let error = 0;
  for (const n of frames) {
    for (let i = n * frameSamples; i < (n + 1) * frameSamples; i++) {
      const expected = reference[i - delaySamples] ?? 0;
      signal += expected ** 2;
      error += (expected - line[i]) ** 2;
    }
  }
  return 10 * Math.log10(signal / error);
}

const allFrames = Array.from({ length: frameCount }, (_, n) => n);

describe.each([libopusWasm, opusscript])('$name', (factory) => {
  it('decodes real speech to 16 kHz, close to what was encoded', async () => {
    const line = decodeAll(await create(factory), encode(false));
    expect(snrDb(speech, line, allFrames, codecDelaySamples)).toBeGreaterThan(5);
  });

  it('refuses corrupt packets and decodes the next sound one', async () => {
    const decoder = await create(factory);
    const out = new Int16Array(maxDecodedSamples);
    const [sound] = encode(false);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const samples = decoder.decode(Buffer.from(bytes), out);
        expect(samples === undecodable || (samples > 0 && samples <= maxDecodedSamples)).toBe(true);
        expect(decoder.decode(sound, out)).toBe(frameSamples);
      }),
      { numRuns: 500 },
    );
    expect(decoder.decode(Uint8Array.of(0xff, 0xff, 1, 2), out)).toBe(undecodable);
  });

  it('never takes an empty packet for audio', async () => {
    const decoder = await create(factory);
    expect(decoder.decode(new Uint8Array(0), new Int16Array(maxDecodedSamples))).toBe(undecodable);
  });

  it.each([40, 320, 1_920])('conceals exactly %d samples', async (samples) => {
    const decoder = await create(factory);
    const out = new Int16Array(maxDecodedSamples);
    decoder.decode(encode(false)[20], out);
    expect(decoder.conceal(samples, out)).toBe(samples);
  });

  it('can be closed twice', async () => {
    const decoder = await factory.create();
    decoder.close();
    decoder.close();
  });
});

describe('the two decoders', () => {
  it('agree on real speech within the noise of two libopus versions', async () => {
    const packets = encode(true);
    const one = decodeAll(await create(libopusWasm), packets);
    const other = decodeAll(await create(opusscript), packets);
    expect(snrDb(one, other, allFrames)).toBeGreaterThan(40);
  });
});

describe('libopus-wasm under loss', () => {
  const packets = encode(true);
  // Lost packets whose sound the next packet carries once more, well apart from each other.
  const lost = new Set(
    allFrames.filter((n) => n > 5 && n % 5 === 0 && n + 1 < frameCount && hasInbandFec(packets[n + 1])),
  );
  const out = new Int16Array(maxDecodedSamples);

  it('rebuilds lost speech from the FEC of the next packet, better than it conceals it', async () => {
    expect(lost.size).toBeGreaterThan(5);
    const whole = decodeAll(await create(libopusWasm), packets);
    const recovering = await create(libopusWasm);
    const recovered = decodeAll(recovering, packets, lost, (next, into) =>
      recovering.recover(next, frameSamples, into),
    );
    const concealing = await create(libopusWasm);
    const concealed = decodeAll(concealing, packets, lost, (_, into) =>
      concealing.conceal(frameSamples, into),
    );
    const recoveredDb = snrDb(whole, recovered, lost);
    expect(recoveredDb).toBeGreaterThan(3);
    expect(recoveredDb).toBeGreaterThan(snrDb(whole, concealed, lost) + 3);
  });

  it('holds many decoders in one thread', async () => {
    const decoders = await Promise.all(Array.from({ length: 200 }, () => create(libopusWasm)));
    for (const decoder of decoders) expect(decoder.decode(packets[0], out)).toBe(frameSamples);
  });
});

describe('opusscript', () => {
  it('refuses more decoders than a thread can safely hold, and takes new ones when some are closed', async () => {
    const decoders = await Promise.all(Array.from({ length: opusscriptLimit }, () => create(opusscript)));
    await expect(opusscript.create()).rejects.toMatchObject({ code: 'decoder-limit' });
    decoders[0].close();
    const replacement = await create(opusscript);
    expect(replacement.decode(encode(false)[0], new Int16Array(maxDecodedSamples))).toBe(frameSamples);
  });
});
