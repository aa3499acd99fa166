import { toAppError } from '../errors.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { ServerMessage } from '../protocol/server-message-types.ts';
import { encodeServerMessage } from '../protocol/server-messages.ts';
import type { Clock } from '../time/clock.ts';

/** The socket as the session sees it. */
export interface Transport {
  /** Sends one text message; does nothing once closed. */
  send(text: string): void;
  /** Bytes accepted by {@link send} that the kernel has not taken yet. */
  readonly bufferedBytes: number;
  /** Monotonic time at which the client last said anything of its own accord (a pong is none; it is ours that asks). */
  readonly heardAtMs: number;
  /** How far the client is known to be behind in its reading, in milliseconds; 0 while its pongs come in time. */
  readonly lagMs: number;
  /** Whether so much is unread that what paces itself should wait; who is told so is called when that has ended. */
  congested(): boolean;
  /** Says who is called then. One listener; a new one takes the place of the last. */
  onRelief(listener: () => void): void;
  /** Closes with a code; may be called twice. */
  close(reason: CloseReason): void;
}

/** A client that leaves more than this unread is cut off. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** A message without the timestamp that the outbox puts on it. */
type Untimed<Message> = Message extends { readonly timestamp: number } ? Omit<Message, 'timestamp'> : Message;

/** Everything that goes to one client passes here, in order and bounded. Owned by the session. */
export class Outbox {
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Sends a message, stamped with the time. */
  send(message: Untimed<ServerMessage>): void {
    const timed = message.type === 'config' ? message : { ...message, timestamp: this.timestamp() };
    this.sendText(encodeServerMessage(timed as ServerMessage));
  }

  /** Tells the client what went wrong: the code and the public text, nothing else. */
  sendError(thrown: unknown): void {
    const error = toAppError(thrown);
    this.send({
      type: 'error',
      code: error.code,
      message: error.publicMessage,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
  }

  /** Sends a message that is encoded already. */
  sendText(text: string): void {
    if (this.#transport.bufferedBytes > MAX_BUFFERED_BYTES) this.#transport.close(CLOSE.slowReader);
    else this.#transport.send(text);
  }

  /** Whether frames should wait, because the client has much unread. All else is small, and goes out at once. */
  congested(): boolean {
    return this.#transport.congested();
  }

  /** How far the client is known to be behind in its reading, in milliseconds. */
  get lagMs(): number {
    return this.#transport.lagMs;
  }

  /** Calls the listener whenever frames that had to wait may go on. */
  onRelief(listener: () => void): void {
    this.#transport.onRelief(listener);
  }

  /** Unix milliseconds, as every message carries them. */
  timestamp(): number {
    return Math.round(this.#clock.wallNow());
  }
}
