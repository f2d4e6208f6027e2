/**
 * Plays the demo call through the real path: Opus, RTP, mediasoup.
 *   node --conditions=source tools/demo-call/play.ts --bridge http://127.0.0.1:4100 [--loop] [--call demo]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { identifierSchema } from '@undertone/wire';
import { BridgeClient } from './bridge-client.ts';
import { readCallScript } from './call-script.ts';
import { DemoCall } from './demo-call.ts';
import { systemTime } from './frame-clock.ts';
import { renderCall } from './speaker-track.ts';

const usage = 'usage: play.ts --bridge http://HOST:PORT [--loop] [--call ID]';

const say = (line: string): void => console.log(`demo call: ${line}`);

function readArguments() {
  const { values } = parseArgs({
    options: {
      bridge: { type: 'string', default: 'http://127.0.0.1:4100' },
      call: { type: 'string', default: 'demo' },
      loop: { type: 'boolean', default: false },
    },
  });
  if (!URL.canParse(values.bridge) || !/^https?:$/.test(new URL(values.bridge).protocol))
    throw new Error(`--bridge must be an http address, not "${values.bridge}"`);
  if (!identifierSchema.safeParse(values.call).success)
    throw new Error('--call must be 1–64 characters: letters, digits, dot, dash or underscore');
  return values;
}

async function main(): Promise<void> {
  const { bridge, call, loop } = readArguments();
  const folder = fileURLToPath(new URL('../../test/fixtures/demo-call', import.meta.url));
  const script = await readCallScript(folder);
  const demoCall = new DemoCall({
    bridge: new BridgeClient(bridge),
    callId: call,
    script,
    mix: await renderCall(script, folder),
    loop,
    time: systemTime,
    say,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void demoCall.stop());
  demoCall.start();
  await demoCall.finished;
  say('ended');
}

main().catch((error: unknown) => {
  console.error(`demo call: ${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 1;
});
