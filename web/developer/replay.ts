import {
  AvatarChat,
  type ChatOptions,
  type HeardFrame,
  type Player,
  type TurnEnd,
} from '../client/src/index.js';
import type { Recording } from './recording.js';
import { replaySocket } from './replay-socket.js';

/** Nobody is there, and nobody is asked: the socket is the recording. */
const NOWHERE = 'wss://recording.invalid';

/** What a {@link Replay} tells. */
export interface ReplayEvents {
  onFrame(frame: HeardFrame): void;
  onUnderrun(turnId: string): void;
  onTurnEnd(end: TurnEnd): void;
  /** Everything has been heard, or it was stopped; it has let go of everything. Told once. */
  onEnd(): void;
}

/**
 * A recording on its way through the client library, as if its server said it again: the same code plays it, at the
 * same times. It begins when it is made.
 */
export class Replay {
  readonly #chat: AvatarChat;
  readonly #events: ReplayEvents;
  #state: 'told' | 'heard' | 'over' = 'told';

  /** @param output as the client library takes it: without, a loudspeaker of its own. */
  constructor(recording: Recording, events: ReplayEvents, output?: ChatOptions['output']) {
    this.#events = events;
    const webSocket = replaySocket(recording, {
      onSent: (type) => {
        if (type === 'interrupt') this.#chat.interrupt(); // what the visitor broke off is broken off again
      },
      onEnd: () => this.#onTold(),
    });
    this.#chat = new AvatarChat({
      ...{ server: NOWHERE, webSocket, auth: 'never' },
      ...(output !== undefined && { output }),
    });
    this.#chat.on('frame', (frame) => events.onFrame(frame));
    this.#chat.on('underrun', ({ turnId }) => events.onUnderrun(turnId));
    this.#chat.on('turnEnd', (end) => {
      events.onTurnEnd(end);
      if (this.#state === 'heard') this.#endIfSilent();
    });
    this.#chat.connect();
  }

  /** For a face: what is being heard of it. */
  get player(): Player {
    return this.#chat.player;
  }

  /** Falls silent at once. */
  stop(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#chat.close();
    this.#events.onEnd();
  }

  /** Everything has come; what is there still sounds. */
  #onTold(): void {
    if (this.#state !== 'told') return;
    this.#state = 'heard';
    this.#endIfSilent();
  }

  #endIfSilent(): void {
    if (!this.#chat.player.speaking) this.stop();
  }
}
