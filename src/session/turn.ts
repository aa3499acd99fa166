import { randomUUID } from 'node:crypto';
import type { Heard } from '../agents/agent.ts';
import { AgentError } from '../errors.ts';
import { FaceTrack } from './face-track.ts';
import type { PlayoutFrame } from './frame-kinds.ts';
import { Playout } from './playout.ts';
import { Transcript } from './transcript.ts';
import { TurnMessages } from './turn-messages.ts';
import { type TurnEnd, TurnRecord } from './turn-record.ts';
import type { TurnSettings } from './turn-settings.ts';
import { TurnSound } from './turn-sound.ts';

/** A turn's transcript is kept up to this many characters: hours of speech. */
const MAX_TEXT_CHARS = 100_000;

/**
 * waiting: nothing sent yet. speaking: frames go out. draining: all is sent, the client still plays. over: nothing of
 * this turn will ever be sent again.
 */
type Phase = 'waiting' | 'speaking' | 'draining' | 'over';

/**
 * One answer, from its first sound to its last frame. Created when the agent first names it, run once when its time has
 * come, interrupted at any moment. Opens on the wire with its first frame, so an answer without sound leaves no trace.
 */
export class Turn {
  /** The name of this turn on the wire. */
  readonly id: string;
  readonly #settings: TurnSettings;
  readonly #abort = new AbortController();
  readonly #sound: TurnSound;
  readonly #transcript: Transcript;
  readonly #messages: TurnMessages;
  readonly #record: TurnRecord;
  #playout: Playout | undefined;
  #phase: Phase = 'waiting';
  #hasSound = false;
  /** Where the turn's sound is handed on to once it runs. */
  #face: FaceTrack | undefined;

  constructor(settings: TurnSettings) {
    this.#settings = settings;
    this.id = `turn_${Math.round(settings.clock.wallNow())}_${randomUUID().slice(0, 8)}`;
    this.#messages = new TurnMessages(settings, this.id);
    this.#record = new TurnRecord(this.id);
    this.#transcript = new Transcript(settings.agentRate, settings.charsPerSecond);
    this.#sound = new TurnSound(settings.agentRate, settings.outputRate, {
      push: (pcm) => this.#face?.push(pcm),
      end: () => this.#face?.end(),
    });
  }

  /** Whether the agent has made any sound in it. */
  get hasSound(): boolean {
    return this.#hasSound;
  }

  /** Whether the agent has ended it. */
  get ended(): boolean {
    return this.#sound.ended;
  }

  /** What the agent says in it: all so far, since all of it will be heard unless it is cut off. */
  get saying(): string {
    return this.#hasSound && this.#phase !== 'over' ? this.#transcript.text : '';
  }

  /** Milliseconds of sound held for the client. */
  get heldMs(): number {
    return this.#sound.heldMs;
  }

  /** Sound from the agent. */
  push(pcm: Int16Array): void {
    if (pcm.length === 0 || this.ended || this.#abort.signal.aborted) return;
    this.#hasSound = true;
    this.#record.sound(this.#settings.clock.now());
    this.#sound.push(pcm);
    this.#transcript.addSound(pcm);
    this.#playout?.notify();
  }

  /** Words from the agent; `startMs`: where in the sound they begin, if known. */
  say(text: string, startMs?: number, itemId?: string): void {
    if (this.ended || this.#transcript.length + text.length > MAX_TEXT_CHARS) return;
    this.#messages.name(itemId);
    this.#transcript.addText(text, startMs);
  }

  /** The agent has ended the turn: what is held is all; `text`: all its words, where the agent repeats them. */
  end(itemId?: string, text?: string): void {
    if (this.ended) return;
    this.#messages.name(itemId);
    this.#sound.end();
    this.#transcript.end(text?.slice(0, MAX_TEXT_CHARS));
    this.#playout?.notify();
  }

  /** The agent failed in it, or broke off: what is held is played all the same. */
  fail(): void {
    this.#record.failed();
  }

  /**
   * Plays the turn, and resolves when the client has played it out or it was cut off. Call once, and only with sound.
   */
  async run(): Promise<void> {
    const { animator, clock, outputRate, fps, leadMs } = this.#settings;
    const { signal } = this.#abort;
    if (signal.aborted) return;
    this.#face = new FaceTrack({
      animator,
      sampleRate: outputRate,
      fps,
      dueAt: (index) => this.#playout?.faceDueAt(index) ?? Number.POSITIVE_INFINITY,
      signal,
      onChange: () => this.#playout?.notify(),
      onFailure: this.#settings.onFault,
    });
    this.#playout = new Playout({
      sound: this.#sound,
      face: this.#face,
      clock,
      signal,
      sampleRate: outputRate,
      fps,
      leadMs,
      lagMs: () => this.#settings.outbox.lagMs,
      congested: () => this.#settings.outbox.congested(),
      mayPause: this.#settings.mayPause,
      onFrame: (frame) => this.#sendFrame(frame),
      onUnderrun: () => this.#settings.observe({ type: 'underrun' }),
      onStall: () => this.#stalled(),
    });
    await this.#playout.run();
    if (!signal.aborted) {
      this.#finish();
      await this.#playout.playedOut();
      if (!signal.aborted) this.#settings.onSaid(this.#transcript.text);
    }
    this.#stop(); // frees the face and every timer
    this.#tellOver('completed');
  }

  /** Cuts the turn off and says what of it was heard. On the wire nothing of this turn follows. */
  interrupt(): Heard {
    const phase = this.#phase;
    const playedMs = this.#playout?.playedMs ?? 0;
    const soundMs = this.#playout?.soundMsWithin(playedMs) ?? 0;
    const heard: Heard = { ms: Math.round(soundMs), text: this.#transcript.heard(soundMs) };
    this.#stop();
    if (phase === 'speaking' || phase === 'draining') {
      this.#settings.onSaid(heard.text);
      this.#messages.interrupt(playedMs);
    }
    // While it drains its transcript and its Listening are out already.
    if (phase === 'speaking') {
      this.#messages.transcript(heard.text, true);
      this.#settings.avatar.is('Listening');
    }
    this.#tellOver('interrupted'); // after the client: it must not wait for a log
    return heard;
  }

  /** The client has read on: frames that were held may go. */
  resume(): void {
    this.#playout?.notify();
  }

  /** The client says how many milliseconds of it it has played. */
  reportPlayed(playedMs: number): void {
    this.#playout?.reportPlayed(playedMs);
  }

  /** Ends the turn without a word. */
  discard(end: TurnEnd): void {
    this.#stop();
    this.#tellOver(end);
  }

  #stop(): void {
    this.#phase = 'over';
    this.#abort.abort();
  }

  #tellBegan(): void {
    const { clock, observe, question } = this.#settings;
    observe({ type: 'turn_began', turn: this.#record.begin(clock.now(), question) });
  }

  #tellOver(end: TurnEnd): void {
    const turn = this.#record.over(end, this.#settings.clock.now());
    if (turn !== undefined) this.#settings.observe({ type: 'turn_over', turn });
  }

  #sendFrame(frame: PlayoutFrame): void {
    const { fps, onFrame, clock, observe } = this.#settings;
    const { timing, face, pcm } = frame;
    const isFirst = this.#phase === 'waiting';
    if (isFirst) this.#open();
    if (!frame.filler) this.#sendWords(frame.soundMs + 1000 / fps);
    this.#messages.frame(frame);
    if (isFirst) this.#tellBegan();
    this.#record.frame(clock.now(), timing, face);
    observe({ type: 'frame', pcm, timing, face });
    onFrame();
  }

  #open(): void {
    this.#phase = 'speaking';
    this.#settings.avatar.is('Responding');
    this.#messages.start();
  }

  #finish(): void {
    if (this.#phase !== 'speaking') return;
    this.#sendWords(Number.POSITIVE_INFINITY);
    this.#messages.end();
    this.#messages.transcript(this.#transcript.text, false);
    this.#settings.avatar.is('Listening');
    this.#phase = 'draining';
  }

  #sendWords(beforeMs: number): void {
    this.#messages.words(this.#transcript.due(beforeMs), this.#playout?.fillerMs ?? 0);
  }

  #stalled(): void {
    this.#transcript.end();
    this.fail();
    this.#settings.onFault(new AgentError('agent_failed', 'agent stalled in the middle of an answer'));
  }
}
