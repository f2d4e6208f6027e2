import { Metrics } from '@undertone/http';
import type { LiveCalls } from './calls/live-calls.ts';
import type { PlainSpeakers } from './calls/plain-speakers.ts';
import type { Clock } from './clock.ts';
import type { HostIngest } from './hosts/host-ingest.ts';
import type { WorkerPool } from './media/worker-pool.ts';
import type { TapDesks } from './tap/tap-desks.ts';

/** Reads the counts that the parts keep, when Prometheus asks. */
export function bridgeMetrics(
  clock: Clock,
  desks: TapDesks,
  pool: WorkerPool,
  calls: LiveCalls,
  plainSpeakers: PlainSpeakers,
  hosts: HostIngest,
): Metrics {
  const { counters, link } = desks;
  const metrics = new Metrics('bridge', () => desks.refresh());
  metrics.gauge('media_workers', 'mediasoup workers running', () => pool.alive);
  metrics.counter('media_worker_deaths_total', 'mediasoup workers that died', () => pool.deaths);
  metrics.gauge('calls', 'Live calls', () => calls.size);
  metrics.gauge('speakers', 'Speakers in live calls', () => calls.speakers);
  metrics.gauge('tapped_speakers', 'Speakers who are listened to', () => calls.tappedSpeakers);
  metrics.labelledCounter('join_refusals_total', 'Speakers who could not join, by reason', 'code', () => ({
    ...calls.refusals,
  }));
  metrics.counter(
    'plain_speakers_idle_total',
    'Plain RTP speakers removed for silence of their sender',
    () => plainSpeakers.idleRemoved,
  );

  metrics.gauge('hosts', 'mediasoup applications connected that pipe their calls in', () => hosts.hosts);
  metrics.gauge('host_speakers', 'Speakers of connected hosts', () => hosts.speakers);
  metrics.gauge('host_requests_pending', 'Requests of hosts not answered yet', () => hosts.pendingRequests);
  metrics.gauge('orphan_speakers', 'Speakers who wait for their host to come back', () => hosts.orphans);
  metrics.labelledCounter('host_refusals_total', 'What was refused of hosts, by reason', 'code', () => ({
    ...hosts.refusals.counts,
  }));
  metrics.gauge('jitter_held_packets', 'Packets that wait behind a hole', () => counters.heldPackets);
  metrics.gauge(
    'playout_delay_seconds',
    'How long a packet waits for a missing one, mean over the speakers',
    () => (counters.streams === 0 ? 0 : counters.playoutDelayMs / counters.streams / 1_000),
  );
  metrics.counter(
    'jitter_overflows_total',
    'Times that a jitter buffer was emptied for a packet far ahead',
    () => counters.jitterOverflows,
  );
  metrics.counter('rtp_packets_total', 'RTP packets received by the taps', () => counters.packets);
  metrics.labelledCounter(
    'rtp_faults_total',
    'Packets that are not the RTP expected, by reason',
    'fault',
    () => counters.faults,
  );
  metrics.counter('rtp_lost_total', 'Packets declared lost', () => counters.lostPackets);
  metrics.counter(
    'rtp_late_total',
    'Packets that came after they were declared lost',
    () => counters.latePackets,
  );
  metrics.counter(
    'rtp_discarded_total',
    'Packets that waited behind a hole when their sender began anew',
    () => counters.discardedPackets,
  );
  metrics.counter('rtp_duplicates_total', 'Packets received twice', () => counters.duplicatePackets);
  metrics.counter(
    'rtp_suspect_total',
    'Packets with an incredible sequence number',
    () => counters.suspectPackets,
  );
  metrics.counter('rtp_restarts_total', 'Senders whose numbers or clock began anew', () => counters.restarts);
  metrics.labelledCounter(
    'rtp_timed_total',
    'Packets by what their capture time goes by',
    'source',
    () => counters.timedPackets,
  );
  metrics.counter(
    'rtp_comfort_noise_total',
    'Packets of comfort noise, ignored',
    () => counters.comfortNoisePackets,
  );
  metrics.counter(
    'opus_gated_total',
    'Opus packets not decoded because their sender says that they are silent',
    () => counters.gatedPackets,
  );
  metrics.counter('opus_decoded_total', 'Opus packets decoded', () => counters.decodedPackets);
  metrics.counter('opus_errors_total', 'Packets that are not valid Opus', () => counters.decodeErrors);
  metrics.labelledCounter(
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

  metrics.gauge('analyzer_connected', '1 while every worker of the analyzer is connected', () =>
    link.connected ? 1 : 0,
  );
  metrics.gauge('analyzer_workers', 'Workers that the analyzer has', () => link.workers);
  metrics.gauge('analyzer_workers_connected', 'Those that are connected', () => link.connectedWorkers);
  metrics.counter('analyzer_connections_total', 'Connections made to the analyzer', () => link.connections);
  metrics.gauge('analyzer_credits', 'Frames that the analyzer is ready to take', () => link.credits);
  metrics.counter('analyzer_faults_total', 'Malformed messages from the analyzer', () => link.faults);
  metrics.gauge('analyzer_buffered_bytes', 'Bytes that wait in the socket', () => link.bufferedBytes);
  metrics.gauge('queued_frames', 'Frames that wait in the rings of all speakers', () => link.queuedFrames);
  metrics.gauge('queue_age_seconds', 'Since when the oldest waiting frame was spoken', () => {
    const oldestMs = link.oldestCaptureMs;
    return Number.isNaN(oldestMs) ? 0 : Math.max(0, clock() - oldestMs) / 1_000;
  });
  metrics.counter('frames_sent_total', 'Frames sent to the analyzer', () => counters.sentFrames);
  metrics.counter('frames_dropped_total', 'Frames dropped from full rings', () => counters.droppedFrames);
  const tickSeconds = metrics.histogram(
    'tick_seconds',
    'Duration of one tick of the taps, every 20 ms: losses and silence told, frames sent',
    [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16],
  );
  desks.onTick = (ms) => tickSeconds.observe(ms / 1_000);
  metrics.gauge('tick_behind_seconds', 'How far the taps are behind the clock', () => desks.behindMs / 1_000);
  metrics.gauge('desks', 'Threads that receive and decode; 1 is the main one', () => desks.size);
  metrics.counter('desk_deaths_total', 'Threads that received and decoded, and died', () => desks.deaths);
  return metrics;
}
