import {
  type Script,
  ScriptedAgent,
  type ScriptedSession,
} from '../../src/agents/scripted/scripted-agent.ts';
import type { FaceAnimator } from '../../src/face/animator.ts';
import { loudnessAnimator } from '../../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../../src/log.ts';
import type { CloseReason } from '../../src/protocol/close-codes.ts';
import type { Observer } from '../../src/session/observer.ts';
import type { Transport } from '../../src/session/outbox.ts';
import { Session } from '../../src/session/session.ts';
import { type SessionLimits, Sessions } from '../../src/session/sessions.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { BUILT_IN_TOOLS, type Tool } from '../../src/tools/tool.ts';

/** A server message as a client sees it. */
export type Received = { readonly type: string; readonly [field: string]: unknown };

/** A message and the (fake) time at which it was sent. */
export interface Stamped {
  readonly atMs: number;
  readonly message: Received;
}

/** A transport that keeps everything, for looking at. */
export class RecordingTransport implements Transport {
  readonly sent: Stamped[] = [];
  closedWith: CloseReason | undefined;
  bufferedBytes = 0;
  heardAtMs = 0;
  lagMs = 0;
  /** Whether frames must wait; {@link relieve} ends it. */
  full = false;
  #onRelief: () => void = () => undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  send(text: string): void {
    if (this.closedWith !== undefined) return;
    this.sent.push({ atMs: this.#clock.now(), message: JSON.parse(text) as Received });
  }

  congested(): boolean {
    return this.full;
  }

  onRelief(listener: () => void): void {
    this.#onRelief = listener;
  }

  /** The client has read everything. */
  relieve(): void {
    this.full = false;
    this.#onRelief();
  }

  close(reason: CloseReason): void {
    this.closedWith ??= reason;
  }

  /** The messages of one type, or all but the frames. */
  of(type: string): Received[] {
    return this.sent.map(({ message }) => message).filter((message) => message.type === type);
  }

  /** The types sent, runs of frames and words folded into one. */
  get outline(): string[] {
    const types = this.sent.map(({ message }) =>
      message.type === 'avatar_state' ? String(message['state']) : message.type,
    );
    const folded = types.filter((type) => type !== 'transcript_delta');
    return folded.filter((type, index) => type !== 'sync_frame' || folded[index - 1] !== 'sync_frame');
  }

  /** The turn's sound as the client gets it, fillers left out unless asked for. */
  sound({ fillers = false } = {}): Int16Array {
    const frames = this.of('sync_frame').filter((frame) => fillers || frame['filler'] !== true);
    return pcmOf(frames);
  }
}

/** The sound of frames, joined. */
export function pcmOf(frames: readonly Received[]): Int16Array {
  const bytes = Buffer.concat(frames.map((frame) => Buffer.from(String(frame['audio']), 'base64')));
  return new Int16Array(new Uint8Array(bytes).buffer);
}

/** What a test may choose of a {@link startSession}. */
export interface StartOptions {
  readonly script?: Script;
  /** null: the face is switched off. */
  readonly animator?: FaceAnimator | null;
  readonly fps?: number;
  readonly outputRate?: number;
  readonly leadMs?: number;
  readonly tools?: readonly Tool[];
  readonly observer?: Observer;
}

/** A session on a fake clock, with a scripted agent and a client that records. */
export interface Started {
  readonly clock: FakeClock;
  readonly transport: RecordingTransport;
  readonly agent: ScriptedAgent;
  readonly session: Session;
  /** The agent's side of the conversation that is open now. */
  readonly voice: ScriptedSession;
  /** Sends a message as the client. */
  say(message: unknown): void;
}

/** Starts a session, lets it open its agent, and hands over its ends. */
export async function startSession(options: StartOptions = {}): Promise<Started> {
  const clock = new FakeClock();
  const transport = new RecordingTransport(clock);
  const agent = new ScriptedAgent(options.script);
  const session = new Session(transport, {
    agent,
    animator: options.animator === null ? undefined : (options.animator ?? loudnessAnimator()),
    clock,
    log: silentLogger(),
    tools: options.tools ?? BUILT_IN_TOOLS,
    instructions: () => 'Be brief.',
    inputRate: 24_000,
    outputRate: options.outputRate ?? 24_000,
    fps: options.fps ?? 30,
    leadMs: options.leadMs ?? 400,
    random: () => 0,
    ...(options.observer === undefined ? {} : { observer: options.observer }),
  });
  await clock.advance(0);
  return {
    clock,
    transport,
    agent,
    session,
    get voice() {
      const last = agent.sessions.at(-1);
      if (last === undefined) throw new Error('the agent was never opened');
      return last;
    },
    say: (message) => session.receive(Buffer.from(JSON.stringify(message)), false),
  };
}

/** A house of sessions on a fake clock, and sockets to knock with. */
export function house(maxSessions: number, limits: Partial<SessionLimits> = {}) {
  const clock = new FakeClock();
  const agent = new ScriptedAgent();
  const settings = {
    agent,
    animator: loudnessAnimator(),
    clock,
    log: silentLogger(),
    tools: [],
    instructions: () => '',
    inputRate: 24_000,
    outputRate: 24_000,
    fps: 30,
    leadMs: 400,
    random: () => 0,
  };
  const sessions = new Sessions(settings, { headcount: { all: maxSessions }, ...limits });
  return { clock, agent, sessions, socket: () => new RecordingTransport(clock) };
}

/** A sound in which every sample tells where it belongs: loud, never 0, different from its neighbours. */
export function countingPcm(samples: number, from = 0): Int16Array {
  return Int16Array.from({ length: samples }, (_, index) => ((from + index) % 16_000) + 4000);
}

/** Emits `pcm` as one turn in pieces of `pieceSamples`, without waiting. */
export function speak(voice: ScriptedSession, turnId: string, pcm: Int16Array, pieceSamples = 2400): void {
  voice.emit({ type: 'turn_started', turnId });
  for (let at = 0; at < pcm.length; at += pieceSamples) {
    voice.emit({ type: 'audio', turnId, pcm: pcm.slice(at, at + pieceSamples) });
  }
}
