// A mediasoup application with the tap, in a process of its own: does what the test tells it over IPC (host.ts).
import { createWorker, observer, type types } from 'mediasoup';
import { Tap, type TapCall, type TapSpeaker } from '../../libs/tap/src/index.ts';
import type { HostCommands, HostReply, HostRequest, NewHostSpeaker, SpeakerState } from './host.ts';

const opusPayloadType = 111;
const extensionUris = {
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  absCaptureTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
} as const;

const pipes = new Set<types.PipeTransport>();
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => {
      if (transport.type !== 'pipe') return;
      const pipe = transport as types.PipeTransport;
      pipes.add(pipe);
      pipe.observer.once('close', () => pipes.delete(pipe));
    }),
  ),
);

let worker = await startWorker();
let tap: Tap;
let events: string[] = [];
const routers = new Map<string, types.Router>();
const producers = new Map<string, types.Producer>();
let lastSsrc = 1_000;

const key = (callId: string, speakerId: string) => `${callId}/${speakerId}`;

async function startWorker(): Promise<types.Worker> {
  const started = await createWorker({ logLevel: 'error' });
  started.on('died', async () => {
    worker = await startWorker();
  });
  return started;
}

function callOf(callId: string): TapCall {
  for (const call of tap.calls) if (call.id === callId) return call;
  throw new Error(`no call ${callId}`);
}

function speakerOf(callId: string, speakerId: string): TapSpeaker {
  const speaker = callOf(callId).find(speakerId);
  if (!speaker) throw new Error(`no speaker ${speakerId}`);
  return speaker;
}

/** A producer that takes RTP on a port of its own. */
async function produce(callId: string, speakerId: string) {
  const transport = await routers.get(callId)!.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: true,
  });
  const ssrc = ++lastSsrc;
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: opusPayloadType, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc }],
      headerExtensions: [
        { uri: extensionUris.audioLevel, id: 3 },
        { uri: extensionUris.absCaptureTime, id: 4 },
      ],
    },
  });
  producer.observer.once('close', () => transport.close());
  producers.set(key(callId, speakerId), producer);
  const { localAddress: ip, localPort: port } = transport.tuple;
  return { producer, rtp: { ip, port, payloadType: opusPayloadType, ssrc } };
}

const state = (speaker: TapSpeaker): SpeakerState => ({
  decision: speaker.decision,
  feeding: speaker.feeding,
});

const commands: HostCommands = {
  async start(options) {
    tap = new Tap(options);
    events = [];
    tap.on('connected', () => events.push('connected'));
    tap.on('disconnected', ({ code }) => events.push(`disconnected ${code}`));
    tap.on('problem', ({ code }, { callId, id }) => events.push(`problem ${code} ${key(callId, id)}`));
    tap.on('decision', ({ callId, id, decision }) =>
      events.push(`${decision?.analysed ? 'analysed' : 'not analysed'} ${key(callId, id)}`),
    );
  },
  async addCall(id) {
    const router = await worker.createRouter({
      mediaCodecs: [
        {
          kind: 'audio',
          mimeType: 'audio/opus',
          clockRate: 48_000,
          channels: 2,
          preferredPayloadType: opusPayloadType,
        },
      ],
    });
    routers.set(id, router);
    tap.addCall({ id, router });
  },
  async addSpeaker(callId: string, { voice = true, ...details }: NewHostSpeaker) {
    const call = callOf(callId);
    if (!voice) {
      call.addSpeaker(details);
      return null;
    }
    const { producer, rtp } = await produce(callId, details.id);
    call.addSpeaker({ ...details, producer });
    return rtp;
  },
  async replaceProducer(callId, speakerId) {
    const before = producers.get(key(callId, speakerId));
    const { producer, rtp } = await produce(callId, speakerId);
    speakerOf(callId, speakerId).setProducer(producer);
    before?.close();
    return rtp;
  },
  async setSpeaker(callId, speakerId, changes) {
    speakerOf(callId, speakerId).set(changes);
  },
  async removeSpeaker(callId, speakerId) {
    speakerOf(callId, speakerId).remove();
  },
  async pauseProducer(callId, speakerId, paused) {
    const producer = producers.get(key(callId, speakerId))!;
    await (paused ? producer.pause() : producer.resume());
  },
  async closeProducer(callId, speakerId) {
    producers.get(key(callId, speakerId))!.close();
  },
  async closeCall(callId) {
    callOf(callId).close();
  },
  async speaker(callId, speakerId) {
    return state(speakerOf(callId, speakerId));
  },
  async feeding() {
    let feeding = 0;
    for (const call of tap.calls) for (const speaker of call.speakers) if (speaker.feeding) feeding++;
    return feeding;
  },
  async events() {
    return events;
  },
  async calls() {
    return Array.from(tap.calls, ({ id }) => id);
  },
  async pipes() {
    const dumps = await Promise.all([...pipes].map((pipe) => pipe.dump().catch(() => null)));
    return {
      count: pipes.size,
      consumers: dumps.reduce((sum, dump) => sum + (dump?.consumerIds.length ?? 0), 0),
    };
  },
  async pipedBytes() {
    const stats = await Promise.all([...pipes].map((pipe) => pipe.getStats()));
    return stats.flat().reduce((sum, each) => sum + each.rtpBytesSent, 0);
  },
  async killWorker() {
    const { pid } = worker;
    process.kill(pid, 'SIGKILL');
    while (worker.pid === pid) await new Promise(setImmediate);
  },
  async close() {
    await tap.close();
    for (const router of routers.values()) router.close();
    routers.clear();
    producers.clear();
  },
};

process.on('message', async ({ id, method, args }: HostRequest) => {
  let reply: HostReply;
  try {
    const command = commands[method] as (...args: unknown[]) => Promise<unknown>;
    reply = { id, value: await command(...args) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', () => process.exit());
process.send?.({ id: 0 });
