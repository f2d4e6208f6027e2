import { createWorker, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packets = 50;
const ssrc = 1_234;
const codec: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  preferredPayloadType: 111,
};
const mimeType = codec.mimeType;

/** An RTP packet (RFC 3550 section 5.1) that ends in its own number. */
function rtpPacket(index: number): Buffer {
  const packet = Buffer.alloc(12 + 60);
  packet[0] = 0x80;
  packet[1] = 111;
  packet.writeUInt16BE(index, 2);
  packet.writeUInt32BE(index * 960, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt32BE(index, packet.length - 4);
  return packet;
}

// Whichever worker set-up found or built, and with it tools/mediasoup-worker/include/srtp.h where it was built.
describe('the mediasoup worker', () => {
  let worker: types.Worker;

  beforeAll(async () => {
    worker = await createWorker();
  });
  afterAll(() => worker.close());

  it.each<types.SrtpCryptoSuite>([
    'AEAD_AES_256_GCM',
    'AEAD_AES_128_GCM',
    'AES_CM_128_HMAC_SHA1_80',
    'AES_CM_128_HMAC_SHA1_32',
  ])('carries audio from one router to another, encrypted with %s', async (srtpCryptoSuite) => {
    const near = await worker.createRouter({ mediaCodecs: [codec] });
    const far = await worker.createRouter({ mediaCodecs: [codec] });
    const options: types.PlainTransportOptions = {
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
      enableSrtp: true,
      srtpCryptoSuite,
    };
    const sending = await near.createPlainTransport(options);
    const receiving = await far.createPlainTransport(options);
    const connect = (one: types.PlainTransport, other: types.PlainTransport) =>
      one.connect({ ip: '127.0.0.1', port: other.tuple.localPort, srtpParameters: other.srtpParameters! });
    await connect(sending, receiving);
    await connect(receiving, sending);

    const source = await (await near.createDirectTransport()).produce({
      kind: 'audio',
      rtpParameters: {
        codecs: [{ mimeType, clockRate: 48_000, channels: 2, payloadType: 111 }],
        encodings: [{ ssrc }],
      },
    });
    const sent = await sending.consume({ producerId: source.id, rtpCapabilities: near.rtpCapabilities });
    const received = await receiving.produce({ kind: 'audio', rtpParameters: sent.rtpParameters });
    const sink = await (await far.createDirectTransport()).consume({
      producerId: received.id,
      rtpCapabilities: far.rtpCapabilities,
    });

    const arrived: number[] = [];
    const allArrived = new Promise<void>((resolve) => {
      sink.on('rtp', (packet) => {
        arrived.push(packet.readUInt32BE(packet.length - 4));
        if (arrived.length === packets) resolve();
      });
    });
    for (let index = 1; index <= packets; index += 1) (source as types.Producer).send(rtpPacket(index));
    await allArrived;
    expect(arrived).toEqual(Array.from({ length: packets }, (_, index) => index + 1));
  });
});
