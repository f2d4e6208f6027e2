import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';

/** The ports that Undertone listens on, by the variable that changes each. */
const defaultPorts = {
  BRIDGE_PORT: 4100,
  ANALYZER_PORT: 4200,
  DASHBOARD_PORT: 4300,
  RTC_PORT: 44400,
} as const;

export type PortName = keyof typeof defaultPorts;

export function portOf(name: PortName, env: NodeJS.ProcessEnv): number {
  return env[name] ? Number(env[name]) : defaultPorts[name];
}

/** A sentence for each port that another program holds; none when all are free. */
export async function occupiedPorts(env: NodeJS.ProcessEnv): Promise<string[]> {
  const host = env.HOST || '127.0.0.1';
  const sentences: string[] = [];
  for (const name of Object.keys(defaultPorts) as PortName[]) {
    const media = name === 'RTC_PORT';
    const first = portOf(name, env);
    // Every media worker has a port of its own, from RTC_PORT on; 0 lets the system choose them all.
    const count = media && first > 0 ? Number(env.MEDIA_WORKERS ?? availableParallelism()) : 1;
    for (let port = first; port < first + count; port += 1) {
      if (await isFree(port, host, media)) continue;
      sentences.push(
        `Port ${port} is in use. Is Undertone running already? If not, set ${name} to another port.`,
      );
    }
  }
  return sentences;
}

/** Whether the port can be bound; one that is refused for another reason than use (an odd HOST) is left to the app. */
async function isFree(port: number, host: string, udpToo: boolean): Promise<boolean> {
  const server = createServer();
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    if (udpToo) {
      socket.bind({ port, address: host, exclusive: true });
      await once(socket, 'listening');
    }
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  } finally {
    server.close();
    socket.close();
  }
}
