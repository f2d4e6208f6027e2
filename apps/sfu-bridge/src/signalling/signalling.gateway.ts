import { Inject } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { LiveCalls } from '../calls/live-calls.ts';
import { SignallingPeer, type SignallingSocket } from './signalling-peer.ts';

/** The socket.io namespace `/signalling`: one `SignallingPeer` per browser does the talking. */
@WebSocketGateway({ namespace: '/signalling' })
export class SignallingGateway implements OnGatewayConnection {
  readonly #calls: LiveCalls;

  constructor(@Inject(LiveCalls) calls: LiveCalls) {
    this.#calls = calls;
  }

  handleConnection(socket: SignallingSocket): void {
    new SignallingPeer(socket, this.#calls);
  }
}
