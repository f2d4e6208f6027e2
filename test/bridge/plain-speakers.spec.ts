import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveCalls } from '../../apps/sfu-bridge/src/calls/live-calls.ts';
import { PlainSpeakers } from '../../apps/sfu-bridge/src/calls/plain-speakers.ts';
import { readConfig } from '../../apps/sfu-bridge/src/config.ts';
import { WorkerPool } from '../../apps/sfu-bridge/src/media/worker-pool.ts';
import { AnalysisPolicy } from '../../apps/sfu-bridge/src/policy/analysis-policy.ts';
import { TapDesks } from '../../apps/sfu-bridge/src/tap/tap-desks.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';

const customer = { role: 'customer', consent: 'granted' } as const;
const mara = { id: 'mara', name: 'Mara', ...customer };
const log = pino({ level: 'silent' });

describe('a plain speaker', () => {
  let analyzer: FakeAnalyzer;
  let pool: WorkerPool;
  let desks: TapDesks;
  let calls: LiveCalls;
  let plainSpeakers: PlainSpeakers;

  beforeAll(async () => {
    analyzer = await FakeAnalyzer.start();
    const config = { ...readConfig({ RTC_PORT: '0' }), analyzerUrl: analyzer.url };
    pool = new WorkerPool({ ...config, workers: 1, log });
    desks = new TapDesks({ desks: 1, config, clock: Date.now, log });
    const policy = new AnalysisPolicy('customer-only');
    calls = new LiveCalls(pool, { policy, desks, clock: Date.now, log }, config);
    plainSpeakers = new PlainSpeakers(calls, { ...config, idleMs: config.idlePlainSpeakerMs });
    await pool.start();
  });
  afterAll(async () => {
    calls?.close();
    await desks?.close();
    pool?.close();
    await analyzer?.close();
  });

  it('whose call is lost while its port is opened is refused, and no later one is taken for it', async () => {
    const { call } = await calls.join('call', { id: 'ilse', name: 'Ilse', ...customer });
    call.router.observer.once('newtransport', (transport) => {
      transport.observer.once('newproducer', () => desks.onLost(call.desk));
    });
    await expect(plainSpeakers.add('call', mara, 0)).rejects.toMatchObject({ code: 'media-unavailable' });
    const withdrawn = () => plainSpeakers.update('call', 'mara', { consent: 'withdrawn' });
    await expect(withdrawn()).rejects.toMatchObject({ code: 'speaker-not-found' });

    await plainSpeakers.add('call', mara, 0);
    expect(await withdrawn()).toMatchObject({ consent: 'withdrawn' });
    const [again] = [...calls.calls].flatMap(({ speakers }) => [...speakers]);
    expect(again!.speaker).toMatchObject({ id: 'mara', consent: 'withdrawn', decision: { analysed: false } });
  });
});
