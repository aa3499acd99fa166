import { type Action, type ActionHandler, Actions } from './actions.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { readAddress } from './link/address.ts';
import { Connection, type ConnectionState, type SocketClass } from './link/connection.ts';
import { ownTokens, serverTokens } from './link/token.ts';
import {
  type Level,
  Microphone,
  type MicrophoneOptions,
  type MicrophoneState,
} from './microphone/microphone.ts';
import { watchPage } from './page-events.ts';
import { audioOutput } from './playback/audio-output.ts';
import { type Output, silentOutput } from './playback/output.ts';
import { type HeardFrame, Player, type TurnEnd } from './playback/player.ts';
import { StallWatch } from './stall-watch.ts';
import { Transcript, type TranscriptEntry, type Word } from './transcript.ts';
import type { Fault, FaultKind } from './wire/fault.ts';
import type { AvatarState, ClientMessage, Frame, ImageType, ServerMessage } from './wire/messages.ts';
import { encodeBase64, encodePcm } from './wire/pcm.ts';
import { readServerMessage } from './wire/read-message.ts';

/** What an {@link AvatarChat} tells; each name with what its listeners get. */
export interface ChatEvents {
  /** The connection. */
  state: ConnectionState;
  /** What avatar and user are up to, for a face and a label. */
  activity: Activity;
  /** A turn's sound begins to come. */
  turnStart: { readonly turnId: string };
  turnEnd: TurnEnd;
  /** A frame begins to be heard: sound and face of some 33 ms. */
  frame: HeardFrame;
  word: Word;
  transcript: { readonly entry: TranscriptEntry; readonly index: number };
  action: Action;
  /** The server says that something went wrong; `error-words` has plain words for the code. */
  error: { readonly code: string; readonly message: string; readonly retryAfterMs?: number };
  /** The server sent what it should not have. Nothing needs to be done. */
  fault: Fault;
  /** A turn ran dry and has gone on. */
  underrun: { readonly turnId: string; readonly count: number };
  /** Browsers hold sound back until the page is clicked or a key is pressed: true while they do. */
  locked: boolean;
  microphone: MicrophoneState;
  level: Level;
  /** Every message of the server, checked and decoded, when it arrives. */
  message: ServerMessage;
}

/** What is going on; `offline` whenever nobody can be talked to. */
export type Activity = 'connecting' | 'offline' | 'listening' | 'thinking' | 'speaking';

/** How an {@link AvatarChat} is made. */
export interface ChatOptions {
  /** Where the server is: `https://host`, `wss://host/ws`, or relative to the page. In a page: where the page is. */
  readonly server?: string;
  /**
   * `auto`: a token is fetched once the server asks for one; `always`: from the first attempt on (saves a round trip
   * where it is known); a function: gives a token of the page's own; `never`.
   */
  readonly auth?: 'auto' | 'always' | 'never' | (() => string | Promise<string>);
  /** The WebSocket to use; the global one unless given. */
  readonly webSocket?: SocketClass;
  /** Waits between attempts (ms): the first, which doubles, and the longest. */
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** Asks the server so often whether it is there (ms). */
  readonly pingEveryMs?: number;
  readonly microphone?: MicrophoneOptions;
  /** Where sound goes: an audio context and node of the page's own, or `none`. */
  readonly output?: 'none' | { readonly context: AudioContext; readonly destination?: AudioNode };
  /** Unlock sound by itself at the first click or key; true unless given. */
  readonly unlocksItself?: boolean;
  /** Ends a turn that has stopped without an end (ms). */
  readonly stalledAfterMs?: number;
}

/** Where a server has not said its rates yet (Hz). */
const USUAL_RATE = 24_000;

/** The server is told so often how much has been heard (ms). */
const REPORT_EVERY_MS = 250;

/** A piece of sound in one message (s): far below the server's limit of 64 KiB. */
const LONGEST_SOUND_S = 0.1;

/** The ids of so many turns that are over are kept, to know what comes late. */
const REMEMBERED_TURNS = 64;

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
  readonly #stall: StallWatch;
  readonly #faults = new Map<FaultKind, number>();
  /** Names this client, so that the server does not echo what was typed. */
  readonly #userId = `user_${Math.random().toString(36).slice(2)}`;
  #pastTurns: string[] = [];
  /** The turn that was cut off last: what still comes of it is on its way, and no fault. */
  #cutTurn = '';
  #rates = { input: USUAL_RATE, output: USUAL_RATE };
  #avatar: AvatarState = 'Listening';
  #activity: Activity = 'offline';
  #reported = { turnId: '', atMs: 0 };
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
      read: (data) => readServerMessage(data, fault),
      onMessage: (message) => this.#receive(message),
      onState: (state) => this.#onState(state),
    });
    const send = (message: ClientMessage) => this.#connection.send(message);
    this.#actions = new Actions(send);
    this.#stall = new StallWatch(options.stalledAfterMs ?? 10_000, (turnId) => {
      this.#fault('no_end', turnId);
      this.player.complete(turnId);
    });
    this.transcript = new Transcript({
      onWord: (word) => this.#events.emit('word', word),
      onEntry: (entry, index) => this.#events.emit('transcript', { entry, index }),
    });
    this.player = new Player(
      (rate) => this.#makeOutput(rate),
      {
        onFrame: (frame) => this.#events.emit('frame', frame),
        onProgress: (turnId, heardMs) => this.#onProgress(turnId, heardMs),
        onTurnEnd: (end) => this.#onTurnEnd(end),
        onUnderrun: (turnId, count) => this.#events.emit('underrun', { turnId, count }),
        onLocked: (locked) => this.#events.emit('locked', locked),
      },
      fault,
    );
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
    return this.#activity;
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

  /** Ends the conversation: the socket, the sound, the microphone. `connect()` begins another. */
  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.microphone.close();
    this.#stall.stop();
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
    this.transcript.addUser(data);
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
    for (let at = 0; at < pcm.length && sent; at += step) {
      sent = this.#connection.send({ type: 'audio', data: encodePcm(pcm.subarray(at, at + step)) });
    }
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
    // The server must know how much was heard before it cuts.
    const { turnId } = this.player;
    const end = this.player.cut();
    if (turnId !== undefined && end !== undefined) this.reportPlayback(turnId, end.heardMs);
    this.#connection.send({ type: 'interrupt' });
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
        this.#rates = { input: message.audio.inputSampleRate, output: message.audio.outputSampleRate };
        this.microphone.resume();
        break;
      case 'avatar_state':
        this.#avatar = message.state;
        break;
      case 'audio_start':
        this.#begin(message.turnId, message.sampleRate);
        break;
      case 'sync_frame':
        this.#push(message);
        break;
      case 'audio_end':
        this.#end(message.turnId);
        break;
      case 'transcript_delta':
        if (message.role === 'assistant')
          this.transcript.addWord(message.turnId, message.text, message.startOffset);
        break;
      case 'transcript_done':
        if (message.role === 'user') this.transcript.addUser(message.text);
        else this.transcript.complete(message.turnId);
        break;
      case 'interrupt':
        this.#remember(message.turnId);
        this.player.cut(message.turnId, message.offsetMs);
        break;
      case 'trigger_action':
        this.#events.emit(
          'action',
          this.#actions.run(message.function_name, message.arguments, message.callId),
        );
        break;
      case 'error': {
        const { code, message: text, retryAfterMs } = message;
        this.#events.emit('error', {
          code,
          message: text,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        });
        break;
      }
      case 'pong':
        break;
    }
    this.#events.emit('message', message);
    this.#updateActivity();
  }

  #begin(turnId: string, sampleRate: number): void {
    if (this.#pastTurns.includes(turnId)) {
      this.#fault('turn_twice', turnId);
      return;
    }
    this.#remember(turnId);
    this.transcript.begin(turnId);
    this.#stall.watch(turnId);
    this.player.begin(turnId, sampleRate);
    this.#events.emit('turnStart', { turnId });
  }

  #push(frame: Frame): void {
    if (frame.turnId === this.#cutTurn) return;
    this.player.push(frame);
    this.#stall.alive(frame.turnId);
  }

  #end(turnId: string): void {
    if (this.player.turnId !== turnId && turnId !== this.#cutTurn)
      this.#fault('wrong_turn', `end of ${turnId}`);
    this.#stall.stop(turnId);
    this.player.complete(turnId);
  }

  #remember(turnId: string): void {
    if (!this.#pastTurns.includes(turnId))
      this.#pastTurns = [...this.#pastTurns, turnId].slice(-REMEMBERED_TURNS);
  }

  #onState(state: ConnectionState): void {
    // What has come of an answer is still played; the rest of it will not come.
    if (state.kind !== 'online') {
      this.#stall.stop();
      this.player.complete();
      this.#avatar = 'Listening';
    }
    this.#events.emit('state', state);
    this.#updateActivity();
  }

  #onProgress(turnId: string, heardMs: number): void {
    this.transcript.reveal(turnId, heardMs);
    const nowMs = performance.now();
    if (this.#reported.turnId === turnId && nowMs - this.#reported.atMs < REPORT_EVERY_MS) return;
    this.#reported = { turnId, atMs: nowMs };
    this.reportPlayback(turnId, heardMs);
  }

  #onTurnEnd(end: TurnEnd): void {
    if (end.cut) {
      this.#cutTurn = end.turnId;
      this.#stall.stop(end.turnId);
    }
    this.transcript.end(end.turnId, end.heardMs, end.cut);
    if (!end.cut) this.reportPlayback(end.turnId, end.heardMs);
    this.#events.emit('turnEnd', end);
    this.#updateActivity();
  }

  #onVisible(visible: boolean): void {
    this.microphone.seen(visible);
    if (!visible) return;
    this.#connection.check();
    if (this.player.speaking) void this.unlock(); // phones stop the sound of hidden pages
  }

  #updateActivity(): void {
    const activity = this.#currentActivity();
    if (activity === this.#activity) return;
    this.#activity = activity;
    this.#events.emit('activity', activity);
  }

  #currentActivity(): Activity {
    if (this.player.speaking) return 'speaking';
    const { kind } = this.#connection.state;
    if (kind === 'connecting') return 'connecting';
    if (kind !== 'online') return 'offline';
    return this.#avatar === 'Thinking' ? 'thinking' : 'listening';
  }

  #makeOutput(sampleRate: number): Output {
    const { output } = this.#options;
    if (output === 'none' || (output === undefined && typeof AudioContext === 'undefined')) {
      return silentOutput(sampleRate);
    }
    if (output !== undefined) return audioOutput(output.context, false, output.destination);
    try {
      return audioOutput(new AudioContext({ sampleRate, latencyHint: 'interactive' }), true);
    } catch {
      return silentOutput(sampleRate); // no loudspeaker to be had: the words still come
    }
  }

  #fault(kind: FaultKind, detail: string): void {
    const count = (this.#faults.get(kind) ?? 0) + 1;
    this.#faults.set(kind, count);
    this.#events.emit('fault', { kind, detail, count });
  }
}
