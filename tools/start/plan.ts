import type { Part } from './part.ts';
import { type PortName, portOf } from './ports.ts';

/** What the user asked for on the command line. */
export interface StartOptions {
  /** Play the demo call. */
  readonly demo: boolean;
  /** Policy profile; null leaves the choice to us. */
  readonly profile: string | null;
}

/** What to run, and where the user finds it. */
export interface Plan {
  /** The three apps, which may start in any order: they dial one another until they are answered. */
  readonly apps: readonly Part[];
  /** The player of the demo call, to be started when the apps are ready; null if none is wanted. */
  readonly demoCall: Part | null;
  readonly dashboardUrl: string;
  readonly joinUrl: string;
}

/**
 * The parts of Undertone for this environment: the variables of the apps (BRIDGE_PORT, HOST, ...) hold here too, and
 * the addresses that the parts dial follow from them unless they are given.
 */
export function planUndertone(env: NodeJS.ProcessEnv, options: StartOptions): Plan {
  const host = env.HOST || '127.0.0.1';
  const dialled = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const authority = (port: PortName) =>
    `${dialled.includes(':') ? `[${dialled}]` : dialled}:${portOf(port, env)}`;
  const bridge = authority('BRIDGE_PORT');
  const analyzer = authority('ANALYZER_PORT');
  const dashboard = authority('DASHBOARD_PORT');
  const joinUrl = `http://${bridge}/join`;

  const app = (name: string, folder: string, address: string): Part => ({
    name,
    args: [`apps/${folder}/dist/main.js`],
    env: {
      ANALYSIS_PROFILE: options.profile ?? env.ANALYSIS_PROFILE ?? (options.demo ? 'demo' : 'customer-only'),
      ANALYZER_URL: env.ANALYZER_URL ?? `ws://${analyzer}/ingest`,
      DASHBOARD_URL: env.DASHBOARD_URL ?? `ws://${dashboard}/ingest`,
      JOIN_URL: env.JOIN_URL ?? joinUrl,
    },
    readyUrl: `http://${address}/ready`,
  });
  return {
    apps: [
      app('dashboard', 'dashboard', dashboard),
      app('analyzer', 'analyzer', analyzer),
      app('bridge', 'sfu-bridge', bridge),
    ],
    demoCall: options.demo
      ? {
          name: 'demo call',
          args: ['--conditions=source', 'tools/demo-call/play.ts', '--bridge', `http://${bridge}`, '--loop'],
          env: {},
          readyUrl: null,
        }
      : null,
    dashboardUrl: `http://${dashboard}/`,
    joinUrl,
  };
}
