import { once } from 'node:events';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from '../../apps/analyzer/src/config.ts';
import { type AnalyzerApp, createAnalyzerApp } from '../../apps/analyzer/src/create-analyzer-app.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeDashboard } from './fake-dashboard.ts';
import { ScriptedEngine, scriptedModel } from './scripted-model.ts';
import { customer, epochMs, FrameScript, sentence } from './spoken-frames.ts';

let dashboard: FakeDashboard;
let engine: ScriptedEngine;
let analyzer: AnalyzerApp;

async function start(environment: Record<string, string> = {}): Promise<void> {
  const config = readConfig({
    ANALYZER_PORT: '0',
    DASHBOARD_URL: dashboard.url,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  analyzer = await createAnalyzerApp(config, { model: scriptedModel, engine });
}

const metrics = async () => (await supertest(analyzer.url).get('/metrics').expect(200)).text;
const metric = async (name: string) =>
  Number((await metrics()).match(new RegExp(`^undertone_analyzer_${name} (.*)$`, 'm'))?.[1]);

beforeEach(async () => {
  dashboard = await FakeDashboard.open();
  engine = new ScriptedEngine();
});
afterEach(async () => {
  await analyzer.close();
  await dashboard.close();
});

describe('analyzer', () => {
  it('turns the audio of several speakers into their points, and lets them leave when all are made', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const [mara, jonas] = [customer('mara'), customer('jonas', { role: 'agent' })];
    bridge.join(1, mara);
    bridge.join(2, jonas);
    const [first, second] = [new FrameScript(1), new FrameScript(2)];
    const angry = first.speak(sentence('08a02Wc'));
    const calm = second.speak(sentence('11b09Fd'));
    await bridge.stream(
      Array.from({ length: calm.length }, (_, i) => [angry[i], calm[i]].filter(Boolean)).flat(),
    );
    await bridge.stream(first.silence(2_000));
    bridge.leave(1, mara);
    bridge.leave(2, jonas);
    await Promise.all([dashboard.untilLeft('mara'), dashboard.untilLeft('jonas')]);

    const kinds = dashboard.messages.map((m) => m.type);
    expect(kinds.slice(0, 3)).toEqual(['hello', 'speaker-joined', 'speaker-joined']);
    expect(dashboard.messages[1]).toEqual({ type: 'speaker-joined', speaker: mara });
    const points = dashboard.pointsOf('mara');
    expect(points[0].atMs).toBe(epochMs + 200);
    expect(points.at(-1)?.state).toBe('silence');
    expect(points.some((point) => point.state === 'speech')).toBe(true);
    expect(dashboard.pointsOf('jonas')).toHaveLength(15);
    // Alone on another analyzer, the same audio gives the same points.
    await analyzer.close();
    await dashboard.close();
    dashboard = await FakeDashboard.open();
    engine = new ScriptedEngine();
    await start();
    const again = await FakeBridge.connect(analyzer.url);
    await again.greet();
    again.join(7, mara);
    const script = new FrameScript(7);
    await again.stream([...script.speak(sentence('08a02Wc'), 1_111), ...script.silence(2_000, 960)]);
    again.leave(7, mara);
    await dashboard.untilLeft('mara');
    expect(dashboard.pointsOf('mara')).toEqual(points);
  });

  it('never analyses a speaker whom the policy excludes, but shows them', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const agent = customer('agent', {
      role: 'agent',
      decision: { analysed: false, reason: 'only customers are analysed' },
    });
    bridge.join(1, agent);
    await bridge.stream(new FrameScript(1).speak(sentence('08a02Wc')));
    bridge.leave(1, agent);
    await dashboard.untilLeft('agent');
    expect(dashboard.messages.filter((m) => m.type === 'speaker-joined')).toEqual([
      { type: 'speaker-joined', speaker: agent },
    ]);
    expect(dashboard.pointsOf('agent')).toEqual([]);
    expect(engine.batches).toEqual([]);
    expect(await metric('refusals_total{code="stream-not-analysed"}')).toBe(94);
  });

  it('stops at once when consent is withdrawn', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const mara = customer('mara');
    bridge.join(1, mara);
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    await bridge.stream(frames.slice(0, 60));
    await dashboard.until(() => dashboard.pointsOf('mara').length > 0);
    const withdrawn = customer('mara', {
      consent: 'withdrawn',
      decision: { analysed: false, reason: 'consent was withdrawn' },
    });
    bridge.send({ type: 'speaker-updated', streamId: 1, speaker: withdrawn });
    await dashboard.until((all) => all.some((m) => m.type === 'speaker-updated'));
    const at = dashboard.messages.findIndex((m) => m.type === 'speaker-updated');
    await bridge.stream(frames.slice(60));
    bridge.leave(1, withdrawn);
    await dashboard.untilLeft('mara');
    expect(dashboard.messages.slice(at).filter((m) => m.type === 'points')).toEqual([]);
  });

  it('counts what breaks the contract by its code and goes on', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const mara = customer('mara');
    bridge.socket.send('not json');
    bridge.socket.send('{"type":"speaker-left"}');
    bridge.socket.send(Buffer.from('not a frame, but long enough to be one'));
    bridge.socket.send(Buffer.alloc(3));
    bridge.leave(99, mara);
    bridge.join(1, mara);
    const frames = new FrameScript(1).speak(sentence('11a02Nc'));
    await bridge.stream([
      { ...frames[0], streamId: 5 },
      { ...frames[0], captureMs: Date.now() + 3_600_000 },
    ]);
    await bridge.stream(frames);
    bridge.leave(1, mara);
    await dashboard.untilLeft('mara');
    expect(dashboard.pointsOf('mara')).toHaveLength(7);
    const text = await metrics();
    for (const [code, count] of [
      ['message-malformed', 2],
      ['frame-malformed', 1],
      ['frame-truncated', 1],
      ['stream-unknown', 2],
      ['capture-in-the-future', 1],
      ['frame-version', 0],
    ]) {
      expect(text).toContain(`undertone_analyzer_refusals_total{code="${code}"} ${count}\n`);
    }
    expect(text).toContain(`undertone_analyzer_frames_total ${frames.length}\n`);
    expect(bridge.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('closes a connection that sends nothing but garbage', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    for (let i = 0; i <= 1_000; i++) bridge.socket.send(Buffer.alloc(2));
    expect(await bridge.closed).toBe(1008);
    expect(await metric('refusals_total{code="too-much-garbage"}')).toBe(1);
  });

  it('closes a connection whose message is larger than any message can be', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    bridge.socket.send(Buffer.alloc(100_000));
    expect(await bridge.closed).toBe(1009);
    expect(await metric('refusals_total{code="message-oversized"}')).toBe(1);
  });

  it('refuses browsers, other paths, too many bridges and too many speakers', async () => {
    await start({ MAX_BRIDGES: '1', MAX_SPEAKERS_PER_BRIDGE: '2' });
    const url = analyzer.url.replace('http', 'ws');
    const refused = async (path: string, headers = {}) => {
      const socket = new WebSocket(url + path, { headers });
      const [error] = await once(socket, 'error');
      return (error as Error).message;
    };
    expect(await refused('/ingest', { origin: 'https://elsewhere.example' })).toContain('403');
    expect(await refused('/elsewhere')).toContain('404');
    const bridge = await FakeBridge.connect(analyzer.url);
    expect(await refused('/ingest')).toContain('503');
    await bridge.greet();
    for (const [i, id] of ['a', 'b', 'c'].entries()) bridge.join(i, customer(id));
    bridge.leave(0, customer('a'));
    await dashboard.untilLeft('a');
    bridge.join(3, customer('d'));
    bridge.leave(3, customer('d'));
    await dashboard.untilLeft('d');
    const joined = dashboard.messages.flatMap((m) => (m.type === 'speaker-joined' ? [m.speaker.id] : []));
    expect(joined).toEqual(['a', 'b', 'd']);
    expect(await metric('refusals_total{code="too-many-speakers"}')).toBe(1);
  });

  it('gives credit back as frames are consumed, and refuses frames without credit', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const window = bridge.credit;
    bridge.join(1, customer('mara'));
    const script = new FrameScript(1);
    await bridge.stream(script.silence(20 * (window + 1_000)));
    expect(bridge.credit).toBeGreaterThan(0);

    const greedy = await FakeBridge.connect(analyzer.url);
    const [frame] = new FrameScript(2).silence(20);
    greedy.sendFrame(frame);
    await greedy.greet();
    const jonas = customer('jonas');
    greedy.join(2, jonas);
    // While the engine is at work no credit comes back, however slowly the frames arrive.
    const { begun, release } = engine.hold();
    // So little speech that the socket is read on meanwhile.
    await greedy.stream(new FrameScript(2).speak(sentence('08a02Wc')).slice(0, 40));
    await begun;
    const tooMany = 100;
    for (let i = 0; i < greedy.credit + tooMany; i++) greedy.sendFrame({ ...frame, sequence: 40 + i });
    greedy.leave(2, jonas);
    while ((await metric('refusals_total{code="credit-exceeded"}')) < tooMany);
    release();
    await dashboard.untilLeft('jonas');
    expect(await metric('refusals_total{code="message-before-hello"}')).toBe(1);
    expect(await metric('refusals_total{code="credit-exceeded"}')).toBe(tooMany);
  });

  it('carries a speaker on when their bridge comes back', async () => {
    await start();
    const mara = customer('mara');
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    const before = await FakeBridge.connect(analyzer.url);
    await before.greet();
    before.join(1, mara);
    await before.stream(frames.slice(0, 80));
    await dashboard.until(() => dashboard.pointsOf('mara').length === 8);
    await before.close();
    const after = await FakeBridge.connect(analyzer.url);
    await after.greet();
    after.join(40, mara);
    await after.stream(frames.slice(80).map((frame, i) => ({ ...frame, streamId: 40, sequence: i })));
    after.leave(40, mara);
    await dashboard.untilLeft('mara');
    const points = dashboard.pointsOf('mara');
    expect(points).toHaveLength(15);
    expect(points.slice(8).every((point) => point.state === 'speech')).toBe(true);
    expect(dashboard.messages.filter((m) => m.type === 'speaker-left')).toHaveLength(1);
  });

  it('hears nothing twice when a bridge sends again after its connection was lost', async () => {
    await start();
    const mara = customer('mara');
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    const before = await FakeBridge.connect(analyzer.url);
    await before.greet();
    before.join(1, mara);
    await before.stream(frames.slice(0, 80));
    await dashboard.until(() => dashboard.pointsOf('mara').length === 8);
    await before.close();
    const after = await FakeBridge.connect(analyzer.url);
    await after.greet();
    after.join(1, mara);
    await after.stream(frames.slice(30));
    after.leave(1, mara);
    await dashboard.untilLeft('mara');
    const interrupted = dashboard.pointsOf('mara');
    expect(await metric('frames_stale_total')).toBe(50);
    // Uninterrupted, the same audio gives the same points.
    after.join(2, customer('jonas'));
    await after.stream(frames.map((frame) => ({ ...frame, streamId: 2 })));
    after.leave(2, customer('jonas'));
    await dashboard.untilLeft('jonas');
    expect(dashboard.pointsOf('jonas')).toEqual(interrupted);
  });

  it('announces everyone again and sends what was missed when the dashboard comes back', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    const [mara, jonas] = [customer('mara'), customer('jonas')];
    bridge.join(1, mara);
    bridge.join(2, jonas);
    const frames = new FrameScript(1).speak(sentence('11b09Fd'));
    await bridge.stream(frames.slice(0, 70));
    await dashboard.until(() => dashboard.pointsOf('mara').length === 7);
    const { port } = dashboard;
    await dashboard.close();
    await bridge.stream(frames.slice(70));
    bridge.leave(2, jonas);
    const made = async () =>
      (await metric('points_total{state="warming-up"}')) + (await metric('points_total{state="speech"}'));
    while ((await metric('speakers')) > 1 || (await made()) < 15);
    dashboard = await FakeDashboard.open(port);
    await dashboard.untilLeft('jonas');
    expect(dashboard.messages.slice(0, 2)).toEqual([
      expect.objectContaining({ type: 'hello', protocol: 1 }),
      { type: 'speaker-joined', speaker: mara },
    ]);
    // The points sent last are told again: the dashboard may have died before it had written them down.
    expect(dashboard.pointsOf('mara').map((point) => point.atMs - epochMs)).toEqual(
      Array.from({ length: 15 }, (_, i) => 200 * (i + 1)),
    );
    expect(await metric('dashboard_connections_total')).toBe(2);
  });

  it('judges what it has and hands it over before it stops', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    await bridge.stream(new FrameScript(1).speak(sentence('08a02Wc')));
    while ((await metric('frames_total')) < 94);
    await Promise.all([analyzer.close(), analyzer.close()]);
    expect(dashboard.pointsOf('mara')).toHaveLength(9);
    expect(engine.closed).toBe(true);
    expect(await bridge.closed).toBe(1001);
    await expect(fetch(`${analyzer.url}/health`)).rejects.toThrow();
  });

  it('reports its engine, model and connections', async () => {
    await start();
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    await dashboard.until((all) => all.some((m) => m.type === 'speaker-joined'));
    const { body } = await supertest(analyzer.url).get('/health').expect(200);
    expect(body).toEqual({
      status: 'ok',
      name: 'analyzer',
      details: {
        engine: 'scripted',
        model: {
          name: 'scripted',
          sha256: '0'.repeat(64),
          precision: 'float32',
          engine: 'scripted',
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          handingOver: 0,
        },
        shadow: null,
        drift: {
          drifting: false,
          points: 0,
          expressions: null,
          stabilityIndex: null,
          confidenceIndex: null,
          featureShift: null,
          featureSpread: null,
          limits: { shiftDeviations: 1, stabilityIndex: 0.25 },
        },
        bridges: 1,
        speakers: 1,
        analysedSpeakers: 1,
        dashboard: 'connected',
      },
    });
    await supertest(analyzer.url).get('/ready').expect(200, { status: 'ready' });
    expect(await metrics()).toContain('undertone_analyzer_engine_info{engine="scripted"} 1');
    expect(await metric('drift_limit{of="stability-index"}')).toBe(0.25);
  });

  it('is not ready while its engine fails, and makes points all the same', async () => {
    await start();
    engine.failing = true;
    const bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
    bridge.join(1, customer('mara'));
    await bridge.stream(new FrameScript(1).speak(sentence('08a02Wc')));
    await dashboard.until(() => dashboard.pointsOf('mara').length === 9);
    const problem = await supertest(analyzer.url).get('/ready').expect(503);
    expect(problem.type).toBe('application/problem+json');
    expect(JSON.parse(problem.text)).toMatchObject({
      code: 'engine-failing',
      status: 503,
      instance: '/ready',
    });
    expect((await supertest(analyzer.url).get('/health')).body.status).toBe('degraded');
    expect(dashboard.pointsOf('mara').at(-1)).toMatchObject({ probabilities: null, confidence: 0 });
  });

  it('is not ready while the dashboard is away, and says so in its health', async () => {
    await start();
    const { port } = dashboard;
    await dashboard.close();
    const status = async () => (await supertest(analyzer.url).get('/ready')).status;
    while ((await status()) === 200) await new Promise(setImmediate);
    const problem = await supertest(analyzer.url).get('/ready').expect(503);
    expect(JSON.parse(problem.text)).toMatchObject({ code: 'dashboard-away' });
    expect((await supertest(analyzer.url).get('/health').expect(200)).body.status).toBe('degraded');
    dashboard = await FakeDashboard.open(port);
    while ((await status()) !== 200) await new Promise(setImmediate);
  });

  it('answers unknown addresses with problem details', async () => {
    await start();
    const response = await supertest(analyzer.url).get('/nowhere').expect(404);
    expect(JSON.parse(response.text)).toMatchObject({ status: 404, code: 'not-found', title: 'Not Found' });
  });
});
