import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { tapProtocol } from '@undertone/wire';
import { pino } from 'pino';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { decodeFlacClips } from '../../tools/demo-call/flac-clip.ts';
import { FrameClock, systemTime } from '../../tools/demo-call/frame-clock.ts';
import { OpusTrack } from '../../tools/demo-call/opus-track.ts';
import { RtpStream } from '../../tools/demo-call/rtp-stream.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { Undertone } from './undertone.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Where everyone in the call and every viewer connects from; our own processes use 127.0.0.1. */
const outside = '127.0.0.7';
const caller = { callId: 'claim-7731', id: 'mara-zweifel', name: 'Mara Zweifel' };
const host = { callId: 'room-2209', id: 'ilse-obrist', name: 'Ilse Obrist', tapId: 'desk-3' };
const token = 'swordfish-0123456789';
const wrongToken = 'guessed-0123456789';

let undertone: Undertone;
const logged: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  undertone = await Undertone.start({ profile: 'customer-only', tapToken: token, log });
}, 120_000);
afterAll(() => undertone.close());

/** A request from outside. */
function ask(url: string, method = 'GET', body: unknown = null): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request(url, { method, headers, localAddress: outside }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
    asked.on('error', reject);
    asked.end(body === null ? '' : JSON.stringify(body));
  });
}

async function post(path: string, body: unknown): Promise<ReturnType<typeof JSON.parse>> {
  const { status, text } = await ask(`${undertone.bridgeUrl}${path}`, 'POST', body);
  expect(status).toBe(201);
  return JSON.parse(text);
}

/** Speaks until the dashboard has points. */
async function speak(): Promise<void> {
  const watch = new TimelineWatch(undertone.dashboardUrl, caller.callId);
  const clips = await decodeFlacClips([join(root, 'test/fixtures/demo-call/08b03Wd.flac')]);
  const track = new OpusTrack(clips[0]!, 16_000);
  const { callId, id, name } = caller;
  const { rtp } = await post(`/calls/${callId}/speakers`, {
    id,
    name,
    role: 'customer',
    consent: 'granted',
  });
  const socket = createSocket('udp4').bind(0, outside);
  await once(socket, 'listening');
  const stream = new RtpStream(rtp);
  const clock = new FrameClock(systemTime, (slot) => {
    if (slot % 50 === 1) socket.send(Buffer.from([0x80, 0x7f, 1]), rtp.port, rtp.ip); // no RTP
    const frame = track.frame(slot);
    if (frame !== null) socket.send(stream.packet(frame, slot), rtp.port, rtp.ip);
  });
  clock.start();
  try {
    await watch.until('points', () => watch.points(name).length > 5);
  } finally {
    clock.stop();
    socket.close();
    track.close();
    watch.close();
  }
}

/** Connects, sends `messages` and waits for an answer or the end. */
async function connect(url: string, bearer: string | null, messages: readonly unknown[]): Promise<void> {
  const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  const protocols = bearer === null ? [] : [tapProtocol];
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, { headers, localAddress: outside });
  const over = new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
  });
  socket.on('open', () => {
    for (const message of messages) socket.send(JSON.stringify(message));
    socket.ping();
  });
  socket.on('pong', () => socket.close());
  await over;
}

describe('the logs', () => {
  it('of a call, its viewers, a host and all that is refused of them hold no name, id, token or address of a person', async () => {
    await speak();
    const { bridgeUrl, analyzerUrl, dashboardUrl } = undertone;
    // What is refused, everywhere, with identities in it.
    const { callId, id, name } = caller;
    await ask(`${bridgeUrl}/calls/${callId}/speakers`, 'POST', { id, name, role: 'customer' });
    await ask(`${bridgeUrl}/calls/${callId}/speakers`, 'POST', {
      id,
      name,
      role: 'customer',
      consent: 'granted',
    });
    await ask(`${bridgeUrl}/calls/${callId}/speakers/${host.id}`, 'PATCH', { muted: true });
    await ask(`${bridgeUrl}/${name.replace(' ', '%20')}`);
    await ask(`${dashboardUrl}/api/calls/${host.callId}`);
    await ask(`${dashboardUrl}/api/calls/${callId}`);
    await ask(`${analyzerUrl}/model`, 'POST', { folder: name });
    const speaker = { ...caller, role: 'customer', consent: 'sure', muted: false, joinedAtMs: 0 };
    await connect(`${analyzerUrl}/ingest`, null, [{ type: 'speaker-joined', streamId: 1, speaker }]);
    await connect(`${analyzerUrl}/ingest`, null, [{ type: 'hello', protocol: 1, bridgeId: name }]);
    await connect(`${dashboardUrl}/ingest`, null, [{ type: 'speaker-joined', speaker }]);
    await connect(`${bridgeUrl}/tap`, wrongToken, []);
    const asHost = { requestId: 1, callId: host.callId, speakerId: host.id };
    await connect(`${bridgeUrl}/tap`, token, [
      { type: 'hello', tapId: host.tapId },
      { type: 'set-speaker', ...asHost, name: host.name, role: 'customer', consent: 'granted', muted: false },
      { type: 'set-speaker', ...asHost, requestId: 2, name: host.name, role: 'boss' },
      { type: 'produce', ...asHost, requestId: 3, rtp: { ssrc: 1 } },
    ]);
    // Known to engine.io alone, not to socket.io's types.
    const options = { transports: ['websocket'], forceNew: true, localAddress: outside };
    const viewer = io(`${dashboardUrl}/timeline`, options);
    await viewer.timeout(10_000).emitWithAck('watch-call', { callId: host.callId });
    viewer.disconnect();
    await ask(`${bridgeUrl}/calls/${callId}/speakers/${id}`, 'PATCH', { consent: 'withdrawn' });
    await ask(`${bridgeUrl}/calls/${callId}/speakers/${id}`, 'DELETE');
    await connect(`${bridgeUrl}/tap`, token, [{ type: 'hello', tapId: host.tapId }]);

    const lines = logged.map((line) => JSON.parse(line));
    const messages = lines.map(({ msg }) => msg);
    for (const told of ['bridge connected', 'analyzer connected', 'host connected', 'host disconnected'])
      expect(messages).toContain(told);
    const secrets = [caller.callId, caller.id, caller.name, 'Zweifel', host.callId, host.id, host.name];
    for (const secret of [...secrets, 'Obrist', token, wrongToken, outside])
      expect(logged.filter((line) => line.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
  });
});

describe('the metrics', () => {
  /** Every metric and its samples, histograms by the names that Prometheus gives them. */
  async function exported(): Promise<Map<string, string[]>> {
    const { bridgeUrl, analyzerUrl, dashboardUrl } = undertone;
    const texts = await Promise.all(
      [bridgeUrl, analyzerUrl, dashboardUrl].map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    const text = texts.join('\n');
    const metrics = new Map<string, string[]>();
    for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
      const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const suffix of suffixes) metrics.set(`${name}${suffix}`, []);
    }
    for (const [line, name] of text.matchAll(/^(\w+)(?:\{.*\})? .*$/gm)) metrics.get(name!)?.push(line);
    return metrics;
  }

  /** Metrics of ours in an expression, each with its matchers. */
  const used = (expr: string) =>
    [...expr.matchAll(/\b(undertone_\w+)(?:\{([^}]*)\})?/g)].map(([, name, matchers = '']) => ({
      name: name!,
      matchers: [...matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(([, label, operator, value]) => ({
        label: label!,
        operator: operator!,
        value: value!,
      })),
    }));

  /** What of `expr` is not exported. */
  function missing(expr: string, metrics: ReadonlyMap<string, string[]>): string[] {
    return used(expr).flatMap(({ name, matchers }) => {
      const samples = metrics.get(name);
      if (!samples) return [name];
      return matchers
        .filter(({ label, operator, value }) => {
          const values = samples.flatMap((line) => new RegExp(`\\b${label}="([^"]*)"`).exec(line)?.[1] ?? []);
          if (operator.startsWith('!')) return values.length === 0;
          return !values.some((each) =>
            operator === '=' ? each === value : new RegExp(`^(?:${value})$`).test(each),
          );
        })
        .map(({ label, value }) => `${name}{${label}: ${value}}`);
    });
  }

  interface Panel {
    id: number;
    type: string;
    title: string;
    datasource?: { uid: string };
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string; refId: string; datasource: { uid: string } }[];
  }
  const dashboard = JSON.parse(read('deploy/grafana/undertone.json')) as {
    uid: string;
    schemaVersion: number;
    templating: { list: { name: string; type: string; query: string }[] };
    panels: Panel[];
  };
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');

  it('that the Grafana dashboard shows are exported, each with the labels that it asks for', async () => {
    const metrics = await exported();
    const expressions = charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(60);
    expect(expressions.flatMap((expr) => missing(expr, metrics))).toEqual([]);
    for (const expr of expressions.filter((each) => !each.startsWith('up{')))
      expect(used(expr).length, expr).toBeGreaterThan(0);
    expect(missing('undertone_bridge_renamed_total', metrics)).toEqual(['undertone_bridge_renamed_total']);
    expect(missing('undertone_bridge_samples_total{kind="lost"}', metrics)).toHaveLength(1);
  });

  it('that the alerts go by are exported, by jobs that are scraped', async () => {
    const metrics = await exported();
    const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(rules.flatMap(({ expr }) => missing(expr, metrics))).toEqual([]);
    const scraped = parse(read('deploy/prometheus/prometheus.yml')) as {
      rule_files: string[];
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    expect(scraped.rule_files).toEqual(['alerts.yml']);
    const { services } = parse(read('docker-compose.yml'), { merge: true });
    for (const { job_name, static_configs } of scraped.scrape_configs) {
      expect(job_name).toMatch(/^undertone-.+/);
      expect(services).toHaveProperty(static_configs[0]!.targets[0]!.split(':')[0]!);
    }
  });

  it('are all described in docs/metrics.md, and no others', async () => {
    const described: string[] = [];
    for (const part of read('docs/metrics.md').split('\n## ').slice(2)) {
      const app = part.split('\n')[0]!.toLowerCase();
      for (const [, name] of part.matchAll(/^\| `(\w+)(?:\{\w+\})?` \|/gm))
        described.push(`undertone_${app}_${name}`);
    }
    const names = [...(await exported()).keys()]
      .filter((name) => !/^undertone_\w+?_(nodejs|process)_/.test(name) && !/_(sum|count)$/.test(name))
      .map((name) => name.replace(/_bucket$/, ''));
    expect(described.sort()).toEqual(names.sort());
  });

  it('have a dashboard that Grafana can read: panels with places of their own, and a data source to choose', () => {
    expect(dashboard.uid).toBe('undertone');
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    const [source] = dashboard.templating.list;
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
    for (const { title, datasource, targets = [] } of charts) {
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const each of [...targets.map((target) => target.datasource), datasource])
        expect(each?.uid, title).toBe('$' + '{datasource}');
    }
  });
});
