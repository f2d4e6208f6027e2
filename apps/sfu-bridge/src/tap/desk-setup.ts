import { pcmSampleRateHz } from '@undertone/wire';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { BridgeConfig } from '../config.ts';
import { AnalyzerLinks } from '../link/analyzer-links.ts';
import { libopusWasm } from '../opus/libopus-wasm-decoder.ts';
import { opusscript } from '../opus/opusscript-decoder.ts';
import { frameSamples } from './frame-ring.ts';
import { TapCounters } from './tap-counters.ts';
import { TapDesk } from './tap-desk.ts';

/** What a desk is told of the configuration, in any thread. */
export type DeskConfig = Pick<
  BridgeConfig,
  'analyzerUrl' | 'decoder' | 'playoutDelayMs' | 'maxPlayoutDelayMs' | 'ringSeconds' | 'keepOrphansMs'
>;

export interface DeskParts {
  desk: TapDesk;
  counters: TapCounters;
  link: AnalyzerLinks;
}

/** Sets a desk up in this thread. */
export function setUpDesk(
  config: DeskConfig,
  clock: Clock,
  log: Pick<Logger, 'debug' | 'info' | 'warn'>,
  onTick: (ms: number) => void,
): DeskParts {
  const counters = new TapCounters();
  const link = new AnalyzerLinks({
    url: config.analyzerUrl,
    counters,
    log,
    keepLostMs: config.keepOrphansMs,
  });
  const desk = new TapDesk({
    clock,
    counters,
    decoders: config.decoder === 'opusscript' ? opusscript : libopusWasm,
    playoutDelayMs: config.playoutDelayMs,
    maxPlayoutDelayMs: config.maxPlayoutDelayMs,
    link,
    ringFrames: Math.ceil((config.ringSeconds * pcmSampleRateHz) / frameSamples),
    onTick,
  });
  return { desk, counters, link };
}
