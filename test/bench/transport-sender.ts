// Child process of transport.ts: sends paced RTP to the plain transports given, so that its CPU is not measured.
import { createSocket } from 'node:dgram';

interface Order {
  ports: number[];
  ssrcs: number[];
  payloadType: number;
  packetsPerSecond: number;
  payloadBytes: number;
}

const socket = createSocket('udp4');
socket.bind(0, '127.0.0.1');

process.once('message', (order: Order) => {
  const { ports, ssrcs } = order;
  const packets = ssrcs.map((ssrc) => {
    const packet = Buffer.alloc(12 + order.payloadBytes, 0x55);
    packet[0] = 0x80;
    packet[1] = order.payloadType;
    packet.writeUInt16BE(0, 2);
    packet.writeUInt32BE(0, 4);
    packet.writeUInt32BE(ssrc, 8);
    return packet;
  });
  const intervalMs = 1000 / order.packetsPerSecond / packets.length;
  const startMs = performance.now();
  let sent = 0;
  // Streams take turns evenly over the packet interval, as independent microphones do on average.
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startMs) / intervalMs);
    for (; sent < due; sent++) {
      const stream = sent % packets.length;
      const packet = packets[stream];
      const count = Math.floor(sent / packets.length);
      packet.writeUInt16BE(count & 0xffff, 2);
      packet.writeUInt32BE((count * 960) >>> 0, 4);
      packet.writeDoubleBE(performance.timeOrigin + performance.now(), 13);
      socket.send(Buffer.from(packet), ports[stream], '127.0.0.1');
    }
  }, 1);
  process.once('message', () => {
    clearInterval(timer);
    process.send?.({ sent });
    process.disconnect();
    socket.close();
  });
});
