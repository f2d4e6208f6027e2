/**
 * What does decoding cost with either decoder? Real speech, 20 ms packets at 32 kb/s, straight to 16 kHz. CPU time, ratios within
 * one run.
 *
 *   npm run bench -- decode [--rounds 15] [--json]
 */
import { parseArgs } from 'node:util';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import { opusscript } from '../../apps/sfu-bridge/src/opus/opusscript-decoder.ts';
import {
  maxDecodedSamples,
  type SpeechDecoderFactory,
} from '../../apps/sfu-bridge/src/opus/speech-decoder.ts';
import { encodeSpeech, packetSamples, readSpeech } from '../bridge/speech-rtp.ts';
import { compare, printComparison, type Work } from './rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const packets = (['11b09Fd', '08a02Wc', '11a02Nc'] as const).flatMap((name) =>
  encodeSpeech(readSpeech(name)),
);
const out = new Int16Array(maxDecodedSamples);

async function decoding(factory: SpeechDecoderFactory): Promise<[string, Work]> {
  const decoder = await factory.create();
  return [
    factory.name,
    () => {
      for (const packet of packets) {
        if (decoder.decode(packet, out) !== packetSamples)
          throw new Error('the benchmark decoded something else');
      }
      return packets.length;
    },
  ];
}

const comparison = await compare(
  [await decoding(opusscript), await decoding(libopusWasm)],
  Number(values.rounds),
);
printComparison('Opus, CPU time a packet', comparison, values.json);
