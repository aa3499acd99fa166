import { type ActionHandler, Actions } from './actions.ts';
import { ActivityWatch } from './activity-watch.ts';
import type { Activity, ChatEvents } from './chat-events.ts';
import { type ChatOptions, makeOutput } from './chat-options.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { readAddress } from './link/address.ts';
import { Connection, type ConnectionState, type SocketClass } from './link/connection.ts';
import { ownTokens, serverTokens } from './link/token.ts';
import { Microphone } from './microphone/microphone.ts';
import { watchPage } from './page-events.ts';
import type { TurnEnd } from './playback/heard.ts';
import { Player } from './playback/player.ts';
import { Transcript } from './transcript.ts';
import { Turns } from './turns.ts';
import type { FaultKind } from './wire/fault.ts';
import type { ClientMessage, ImageType, ServerMessage } from './wire/messages.ts';
import { encodeBase64, encodePcm } from './wire/pcm.ts';
import { readServerMessage } from './wire/read-message.ts';

/** Where a server has not said its rates yet (Hz). */
const USUAL_RATE = 24_000;

/** Errors that a new token mends, by itself; where it does not, the state is `refused` and says so. */
const ABOUT_TOKENS = ['token_missing', 'token_invalid', 'token_expired'];

/** A piece of sound in one message (s): far below the server's limit of 64 KiB. */
const LONGEST_SOUND_S = 0.1;

/** A conversation with an avatar: the connection, the avatar's voice and face, the microphone, the transcript. */
export class AvatarChat {
  /** What is being heard, for renderers that ask: `player.heard()`. */
  readonly player: Player;
  readonly microphone: Microphone;
  readonly transcript: Transcript;
  readonly #options: ChatOptions;
  readonly #events = new Emitter<ChatEvents>();
  readonly #connection: Connection;
  readonly #actions: Actions;
  readonly #turns: Turns;
  readonly #activity: ActivityWatch;
  readonly #faults = new Map<FaultKind, number>();
  /** Names this client, so that the server does not echo what was typed. */
  readonly #userId = `user_${Math.random().toString(36).slice(2)}`;
  #rates = { input: USUAL_RATE, output: USUAL_RATE };
  #unwatch: (() => void) | undefined;

  /** @throws TypeError if `server` is no address. */
  constructor(options: ChatOptions = {}) {
    this.#options = options;
    const address = readAddress(options.server ?? './', globalThis.location?.href);
    const fault = (kind: FaultKind, detail: string) => this.#fault(kind, detail);
    const { auth = 'auto' } = options;
    this.#connection = new Connection({
      address,
      socketClass: options.webSocket ?? (WebSocket as unknown as SocketClass),
      tokens: typeof auth === 'function' ? ownTokens(auth) : serverTokens(address.token),
      authentication: auth === 'never' ? 'never' : auth === 'auto' ? 'when_asked' : 'always',
      patience: { firstWaitMs: options.firstWaitMs ?? 500, longestWaitMs: options.longestWaitMs ?? 30_000 },
      pingEveryMs: options.pingEveryMs ?? 20_000,
      onWire: (direction, data) => this.#events.emit('wire', { direction, data }),
      read: (data) => readServerMessage(data, fault),
      onMessage: (message) => this.#receive(message),
      onState: (state) => this.#onState(state),
    });
    const send = (message: ClientMessage) => this.#connection.send(message);
    this.#actions = new Actions(send);
    this.transcript = new Transcript({
      onWord: (word) => this.#events.emit('word', word),
      onEntry: (entry, index) => this.#events.emit('transcript', { entry, index }),
    });
    this.player = new Player(
      (sampleRate) => makeOutput(options.output, sampleRate),
      {
        onFrame: (frame) => this.#events.emit('frame', frame),
        onProgress: (turnId, heardMs) => this.#turns.onProgress(turnId, heardMs),
        onTurnEnd: (end) => this.#onTurnEnd(end),
        onUnderrun: (turnId, count) => this.#events.emit('underrun', { turnId, count }),
        onLocked: (locked) => this.#events.emit('locked', locked),
      },
      fault,
    );
    this.#activity = new ActivityWatch({
      speaking: () => this.player.speaking,
      connection: () => this.state,
      onChange: (activity) => this.#events.emit('activity', activity),
    });
    this.#turns = new Turns({
      player: this.player,
      transcript: this.transcript,
      fault,
      stalledAfterMs: options.stalledAfterMs ?? 10_000,
      onStart: (turnId) => {
        this.#activity.settled();
        this.#events.emit('turnStart', { turnId });
      },
      onReport: (turnId, heardMs) => this.reportPlayback(turnId, heardMs),
    });
    this.microphone = new Microphone(options.microphone ?? {}, {
      sampleRate: () => this.#rates.input,
      onStart: (sampleRate) => this.startAudio(sampleRate),
      onSound: (pcm) => this.sendAudio(pcm),
      onEnd: () => this.endAudio(),
      onLevel: (level) => this.#events.emit('level', level),
      onState: (state) => this.#events.emit('microphone', state),
    });
  }

  /** Whether the server can be talked to. */
  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** What is going on. */
  get activity(): Activity {
    return this.#activity.now;
  }

  /** Calls `listener` for every event of this name, until the function that is returned is called. */
  on<Name extends keyof ChatEvents>(name: Name, listener: (event: ChatEvents[Name]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  /** Does what the model asks for under this name; what the handler returns is told to the model. */
  onAction(name: string, handler: ActionHandler): Unsubscribe {
    return this.#actions.handle(name, handler);
  }

  /** Connects, and stays connected until `close()`. */
  connect(): this {
    this.#unwatch ??= watchPage({
      onReachable: () => this.#connection.check(),
      onVisible: (visible) => this.#onVisible(visible),
      onGesture: this.#options.unlocksItself === false ? undefined : () => void this.unlock(),
    });
    this.#connection.open();
    return this;
  }

  /** Asks the server for a sign of life now, as happens now and then by itself; without one it connects anew. */
  check(): void {
    this.#connection.check();
  }

  /** Ends the conversation: the socket, the sound, the microphone. `connect()` begins another. */
  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.microphone.close();
    this.#connection.close();
    this.player.close();
  }

  /** Lets sound out; call it in a click's or a key's handler. Resolves with whether sound runs. */
  unlock(): Promise<boolean> {
    return this.player.unlock(this.#rates.output);
  }

  /** Says something in writing; an answer that is running is cut off. @returns false if nobody can be told. */
  sendText(text: string): boolean {
    const data = text.trim();
    if (data === '' || !this.#connection.send({ type: 'text', data, userId: this.#userId })) return false;
    this.transcript.addUser(data, 'now');
    this.#activity.asked();
    return true;
  }

  /** Sound that is not the microphone's begins, at this rate (Hz); the server's own unless given. */
  startAudio(sampleRate = this.#rates.input): boolean {
    return this.#connection.send({ type: 'audio_stream_start', sampleRate, userId: this.#userId });
  }

  /** Sends sound (16-bit samples, mono). The server takes twice real time at most. */
  sendAudio(pcm: Int16Array): boolean {
    const step = Math.floor(LONGEST_SOUND_S * this.#rates.input);
    let sent = pcm.length > 0;
    for (let at = 0; at < pcm.length && sent; at += step)
      sent = this.#connection.send({ type: 'audio', data: encodePcm(pcm.subarray(at, at + step)) });
    return sent;
  }

  /** What was being said is complete. */
  endAudio(): boolean {
    return this.#connection.send({ type: 'audio_stream_end' });
  }

  /** Shows the agent a picture (JPEG, PNG, WebP; at most 700 KiB). */
  async sendImage(image: Blob | Uint8Array, mimeType: ImageType, caption?: string): Promise<boolean> {
    const bytes = image instanceof Uint8Array ? image : new Uint8Array(await image.arrayBuffer());
    const message = { type: 'image', data: encodeBase64(bytes), mimeType } as const;
    return this.#connection.send(caption === undefined ? message : { ...message, caption });
  }

  /** Cuts the answer off, here at once and at the server. @returns where; undefined if there is none. */
  interrupt(): TurnEnd | undefined {
    this.#activity.brokenOff();
    const end = this.player.cut();
    this.#connection.send({ type: 'interrupt' });
    this.#activity.look();
    return end;
  }

  /** Tells the server how much of a turn was heard (ms). It is done by itself; for players of the page's own. */
  reportPlayback(turnId: string, playedMs: number): boolean {
    return this.#connection.send({ type: 'playback', turnId, playedMs: Math.max(0, playedMs) });
  }

  /** Answers an action that no handler took. */
  actionResult(callId: string, result: unknown): boolean {
    return this.#actions.result(callId, result);
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'config':
        this.microphone.resume();
        break;
      case 'avatar_state':
        this.#activity.avatarIs(message.state);
        break;
      case 'trigger_action': {
        const { function_name, arguments: args, callId } = message;
        this.#events.emit('action', this.#actions.run(function_name, args, callId));
        break;
      }
      case 'error': {
        const { code, message: text, retryAfterMs } = message;
        if (ABOUT_TOKENS.includes(code)) break;
        this.#activity.settled();
        this.#events.emit('error', {
          code,
          message: text,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        });
        break;
      }
      default:
        this.#turns.take(message);
    }
    this.#events.emit('message', message);
    this.#activity.look();
  }

  #onState(state: ConnectionState): void {
    if (state.kind === 'online') {
      this.#rates = { input: state.inputSampleRate, output: state.outputSampleRate };
    } else {
      this.#turns.lose();
      this.#activity.brokenOff();
    }
    this.#events.emit('state', state);
    this.#activity.look();
  }

  #onTurnEnd(end: TurnEnd): void {
    this.#turns.onEnd(end);
    this.#events.emit('turnEnd', end);
    this.#activity.look();
  }

  #onVisible(visible: boolean): void {
    void this.microphone.seen(visible);
    if (!visible) return;
    this.#connection.check();
    if (this.player.speaking) void this.unlock(); // phones stop the sound of hidden pages
  }

  #fault(kind: FaultKind, detail: string): void {
    const count = (this.#faults.get(kind) ?? 0) + 1;
    this.#faults.set(kind, count);
    this.#events.emit('fault', { kind, detail, count });
  }
}
