import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LiveCalls } from './calls/live-calls.ts';
import type { PlainSpeakers } from './calls/plain-speakers.ts';
import type { HostIngest } from './hosts/host-ingest.ts';
import type { AnalyzerLink } from './link/analyzer-link.ts';
import type { WorkerPool } from './media/worker-pool.ts';
import type { TapCounters } from './tap/tap-counters.ts';

/** Reads the counts that the parts keep, when Prometheus asks. */
export function createBridgeMetrics(
  counters: TapCounters,
  pool: WorkerPool,
  calls: LiveCalls,
  plainSpeakers: PlainSpeakers,
  hosts: HostIngest,
  link: AnalyzerLink,
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'undertone_bridge_' });

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `undertone_bridge_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `undertone_bridge_${name}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const labelled = (name: string, help: string, label: string, read: () => Record<string, number>): void => {
    new Counter({
      name: `undertone_bridge_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  };

  gauge('media_workers', 'mediasoup workers running', () => pool.alive);
  counter('media_worker_deaths_total', 'mediasoup workers that died', () => pool.deaths);
  gauge('calls', 'Live calls', () => calls.size);
  gauge('speakers', 'Speakers in live calls', () => calls.speakers);
  gauge('tapped_speakers', 'Speakers who are listened to', () => calls.tappedSpeakers);
  counter('plain_speakers_idle_total', 'Plain RTP speakers removed for silence of their sender', () => {
    return plainSpeakers.idleRemoved;
  });

  gauge('hosts', 'mediasoup applications connected that pipe their calls in', () => hosts.hosts);
  gauge('host_speakers', 'Speakers of connected hosts', () => hosts.speakers);
  gauge('orphan_speakers', 'Speakers who wait for their host to come back', () => hosts.orphans);
  labelled('host_refusals_total', 'What was refused of hosts, by reason', 'code', () => ({
    ...hosts.refusals.counts,
  }));
  counter('rtp_packets_total', 'RTP packets received by the taps', () => counters.packets);
  labelled(
    'rtp_faults_total',
    'Packets that are not the RTP expected, by reason',
    'fault',
    () => counters.faults,
  );
  counter('rtp_lost_total', 'Packets declared lost', () => counters.lostPackets);
  counter('rtp_late_total', 'Packets that came after they were declared lost', () => counters.latePackets);
  counter('rtp_duplicates_total', 'Packets received twice', () => counters.duplicatePackets);
  counter('rtp_suspect_total', 'Packets with an incredible sequence number', () => counters.suspectPackets);
  counter('rtp_restarts_total', 'Senders whose numbers or clock began anew', () => counters.restarts);
  labelled(
    'rtp_timed_total',
    'Packets by what their capture time goes by',
    'source',
    () => counters.timedPackets,
  );
  counter('rtp_comfort_noise_total', 'Packets of comfort noise, ignored', () => counters.comfortNoisePackets);
  counter(
    'opus_gated_total',
    'Opus packets not decoded because their sender says that they are silent',
    () => counters.gatedPackets,
  );
  counter('opus_decoded_total', 'Opus packets decoded', () => counters.decodedPackets);
  counter('opus_errors_total', 'Packets that are not valid Opus', () => counters.decodeErrors);
  labelled(
    'samples_total',
    'Samples of 16 kHz that are not decoded sound, by what became of them',
    'kind',
    () => ({
      recovered: counters.recoveredSamples,
      concealed: counters.concealedSamples,
      skipped: counters.skippedSamples,
      overtaken: counters.overtakenSamples,
      silence: counters.silenceSamples,
    }),
  );

  gauge('analyzer_connected', '1 while the analyzer is connected', () => (link.connected ? 1 : 0));
  counter('analyzer_connections_total', 'Connections made to the analyzer', () => link.connections);
  gauge('analyzer_credits', 'Frames that the analyzer is ready to take', () => link.credits);
  labelled('analyzer_faults_total', 'Malformed messages from the analyzer', 'code', () => ({
    ...link.faults,
  }));
  gauge('queued_frames', 'Frames that wait in the rings of all speakers', () => link.queuedFrames);
  counter('frames_sent_total', 'Frames sent to the analyzer', () => counters.sentFrames);
  counter('frames_dropped_total', 'Frames dropped from full rings', () => counters.droppedFrames);
  return registry;
}
