import { join } from 'node:path';
import { startConference } from './conference.ts';

const {
  PORT = '4700',
  UNDERTONE_URL = 'ws://127.0.0.1:4100/tap',
  DASHBOARD_URL = 'http://127.0.0.1:4300',
  TAP_TOKEN,
} = process.env;
if (!TAP_TOKEN) {
  console.error('set TAP_TOKEN to the token with which the bridge was started');
  process.exit(1);
}
const conference = await startConference({
  port: Number(PORT),
  webFolder: join(import.meta.dirname, '..', 'web-dist'),
  undertone: { url: UNDERTONE_URL, token: TAP_TOKEN },
  dashboardUrl: DASHBOARD_URL,
});
console.log(`The conference is at ${conference.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void conference.close().then(() => process.exit()));
