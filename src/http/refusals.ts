import type { WebSocket } from 'ws';
import type { AppError } from '../errors.ts';
import { CLOSE, closeFor } from '../protocol/close-codes.ts';
import type { Observer } from '../session/observer.ts';
import { Outbox } from '../session/outbox.ts';
import type { Clock } from '../time/clock.ts';
import { WsTransport } from './ws-transport.ts';

/** Refused clients that have not answered our close yet; of more, the oldest are cut off. */
const MAX_LEAVING = 100;

/** Tells refused clients why, and sees them out: an `error`, then a close (a refused upgrade would hang the widget). */
export class Refusals {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #observer: Observer;
  readonly #leaving = new Set<WebSocket>();

  constructor(clock: Clock, random: () => number, observer: Observer) {
    this.#clock = clock;
    this.#random = random;
    this.#observer = observer;
  }

  /** The socket is closed from now on; it is cut off if it does not close by itself. */
  refuse(socket: WebSocket, error: AppError): void {
    socket.on('error', () => undefined); // its close event follows
    const transport = new WsTransport(socket, this.#clock, this.#random);
    new Outbox(transport, this.#clock).sendError(error);
    transport.close(closeFor(error.code) ?? CLOSE.internal);
    this.#leaving.add(socket);
    this.#observer.refused(error.code);
    socket.on('close', () => this.#leaving.delete(socket));
    const [oldest] = this.#leaving;
    if (this.#leaving.size > MAX_LEAVING) oldest?.terminate();
  }
}
