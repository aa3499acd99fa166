import { type AppError, toAppError } from '../errors.ts';
import { type ClientMessage, MAX_MESSAGE_BYTES, parseClientMessage } from '../protocol/client-messages.ts';
import type { Clock } from '../time/clock.ts';
import { InboundLimit, type Verdict } from './inbound-limit.ts';

/** What an {@link Inbox} needs. */
export interface InboxOptions {
  readonly clock: Clock;
  /** Hz of the client's sound now. */
  readonly microphoneRate: () => number;
  readonly onMessage: (message: ClientMessage) => void;
  /** Something is wrong with what the client sent, or it is too much; the client should be told. */
  readonly onFault: (error: AppError) => void;
}

/** Everything that comes from one client passes here: read, checked, and held to its limits. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #limit: InboundLimit;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#limit = new InboundLimit(options.clock);
  }

  /** One message, as it came; what passes is handed on before this returns. */
  receive(data: Buffer, isBinary: boolean): void {
    if (data.byteLength >= MAX_MESSAGE_BYTES && !this.#passes(this.#limit.large())) return;
    let message: ClientMessage;
    try {
      message = parseClientMessage(data, isBinary);
    } catch (error) {
      if (this.#passes(this.#limit.message())) this.#options.onFault(toAppError(error));
      return;
    }
    if (this.#passes(this.#cost(message))) this.#options.onMessage(message);
  }

  #cost(message: ClientMessage): Verdict {
    switch (message.type) {
      case 'audio':
        return this.#limit.sound(message.pcm.length / this.#options.microphoneRate());
      case 'playback':
        return this.#limit.report();
      default:
        return this.#limit.message();
    }
  }

  #passes(verdict: Verdict): boolean {
    if (!verdict.pass && verdict.tell !== undefined) this.#options.onFault(verdict.tell);
    return verdict.pass;
  }
}
