import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeClient } from '../../tools/demo-call/bridge-client.ts';
import { DemoCall } from '../../tools/demo-call/demo-call.ts';
import { decodeFlacClips } from '../../tools/demo-call/flac-clip.ts';
import { systemTime } from '../../tools/demo-call/frame-clock.ts';

const clipFolder = fileURLToPath(new URL('../fixtures/demo-call', import.meta.url));
const clips = [
  '08b03Wd.flac',
  '08b02Wd.flac',
  '08a05Wa.flac',
  '08b03Fe.flac',
  '08b02Ff.flac',
  '08a07Fd.flac',
];

/**
 * A call that goes on for as long as it is wanted, as paced Opus RTP: Mara talks without end, Kim never says a word, so
 * that a point of Kim's that holds speech was made from Mara's voice. Both come back by themselves.
 */
export async function playSteadyCall(bridgeUrl: string, callId: string): Promise<DemoCall> {
  const speech = (await decodeFlacClips(clips.map((name) => join(clipFolder, name)))).flatMap((clip) => [
    ...clip,
  ]);
  const samples = speech.length - (speech.length % 320);
  const call = new DemoCall({
    bridge: new BridgeClient(bridgeUrl),
    callId,
    script: {
      title: 'steady',
      speakers: [
        { id: 'mara', name: 'Mara', role: 'customer' },
        { id: 'kim', name: 'Kim', role: 'customer' },
      ],
      closingPauseMs: 0,
      phases: [],
    },
    mix: {
      tracks: new Map([
        ['mara', Int16Array.from(speech.slice(0, samples))],
        ['kim', new Int16Array(samples)],
      ]),
      turns: [],
    },
    loop: true,
    time: systemTime,
    say: () => {},
  });
  call.start();
  return call;
}
