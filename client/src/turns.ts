import type { TurnEnd } from './playback/heard.ts';
import type { Player } from './playback/player.ts';
import { StallWatch } from './stall-watch.ts';
import type { Transcript } from './transcript.ts';
import type { TellFault } from './wire/fault.ts';
import type { ServerMessage } from './wire/messages.ts';

/** What {@link Turns} needs, and what it tells. */
export interface TurnsParts {
  readonly player: Player;
  readonly transcript: Transcript;
  readonly fault: TellFault;
  /** A turn that has stopped coming is ended after this time (ms). */
  readonly stalledAfterMs: number;
  onStart(turnId: string): void;
  /** So much of a turn (ms) has been heard: the server is to know. */
  onReport(turnId: string, heardMs: number): void;
}

/** The server is told so often how much has been heard (ms). */
const REPORT_EVERY_MS = 250;

/** The ids of so many turns are kept, to know what comes late. */
const REMEMBERED_TURNS = 64;

/** The answers, as the server sends them: brings sound and words together, and survives what is out of place. */
export class Turns {
  readonly #parts: TurnsParts;
  readonly #stall: StallWatch;
  #known: string[] = [];
  /** The turn that was cut off last: what still comes of it is on its way, and no fault. */
  #cut = '';
  #reported = { turnId: '', atMs: 0 };

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#stall = new StallWatch(parts.stalledAfterMs, (turnId) => {
      parts.fault('no_end', turnId);
      parts.player.complete(turnId);
    });
  }

  /** Takes what concerns a turn; other messages are not looked at. */
  take(message: ServerMessage): void {
    const { player, transcript, fault } = this.#parts;
    switch (message.type) {
      case 'audio_start':
        this.#begin(message.turnId, message.sampleRate);
        break;
      case 'sync_frame':
        if (message.turnId === this.#cut) break;
        this.#stall.alive(message.turnId);
        player.push(message);
        break;
      case 'audio_end':
        if (![player.turnId, this.#cut].includes(message.turnId))
          fault('wrong_turn', `end of ${message.turnId}`);
        this.#stall.stop(message.turnId);
        player.complete(message.turnId);
        break;
      case 'transcript_delta':
        if (message.role === 'assistant')
          transcript.addWord(message.turnId, message.text, message.startOffset);
        break;
      case 'transcript_done':
        if (message.role === 'user') transcript.addUser(message.text, 'before_answer');
        else transcript.complete(message.turnId);
        break;
      case 'interrupt':
        this.#remember(message.turnId);
        player.cut(message.turnId, message.offsetMs);
        break;
    }
  }

  /** The connection is gone: what has come is still played, the rest will not come. */
  lose(): void {
    this.#stall.stop();
    this.#parts.player.complete();
  }

  /** The player has got this far. */
  onProgress(turnId: string, heardMs: number): void {
    this.#parts.transcript.reveal(turnId, heardMs);
    const nowMs = performance.now();
    if (this.#reported.turnId === turnId && nowMs - this.#reported.atMs < REPORT_EVERY_MS) return;
    this.#reported = { turnId, atMs: nowMs };
    this.#parts.onReport(turnId, heardMs);
  }

  /** The player has finished a turn. */
  onEnd({ turnId, heardMs, cut }: TurnEnd): void {
    if (cut) {
      this.#cut = turnId;
      this.#stall.stop(turnId);
    }
    this.#parts.transcript.end(turnId, heardMs, cut);
    // Also where it was cut: the server must know how much was heard before it cuts, too.
    this.#parts.onReport(turnId, heardMs);
  }

  #begin(turnId: string, sampleRate: number): void {
    if (this.#known.includes(turnId)) {
      this.#parts.fault('turn_twice', turnId);
      return;
    }
    this.#remember(turnId);
    this.#parts.transcript.begin(turnId);
    this.#stall.watch(turnId);
    this.#parts.player.begin(turnId, sampleRate);
    this.#parts.onStart(turnId);
  }

  #remember(turnId: string): void {
    if (!this.#known.includes(turnId)) this.#known = [...this.#known, turnId].slice(-REMEMBERED_TURNS);
  }
}
