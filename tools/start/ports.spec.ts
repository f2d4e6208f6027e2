import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { occupiedPorts } from './ports.ts';

describe('occupiedPorts', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => server.close());

  // Port 0 is any free port, so these runs do not depend on what else runs on the machine.
  const free = { BRIDGE_PORT: '0', ANALYZER_PORT: '0', DASHBOARD_PORT: '0', RTC_PORT: '0' };

  it('finds nothing to say about free ports', async () => {
    expect(await occupiedPorts(free)).toEqual([]);
  });

  it('names the variable that moves an occupied port', async () => {
    expect(await occupiedPorts({ ...free, DASHBOARD_PORT: String(port) })).toEqual([
      `Port ${port} is in use. Is Undertone running already? If not, set DASHBOARD_PORT to another port.`,
    ]);
  });

  it('finds an occupied media port as well, whichever worker it would be for', async () => {
    const sentences = await occupiedPorts({ ...free, RTC_PORT: String(port - 1), MEDIA_WORKERS: '2' });
    expect(sentences.join('\n')).toContain(`Port ${port} is in use.`);
  });
});
