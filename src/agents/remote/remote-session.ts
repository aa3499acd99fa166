import type { WebSocket } from 'ws';
import { createResampler, type Resampler } from '../../audio/resampler.ts';
import { AgentError } from '../../errors.ts';
import type { CancelTimer, Clock } from '../../time/clock.ts';
import type { Agent, AgentEvent, AgentSession, Heard, Image, OpenAgent } from '../agent.ts';
import type { Complaints } from './complaints.ts';
import { RemoteEvents } from './events.ts';
import { Heartbeat } from './heartbeat.ts';
import { Intake } from './intake.ts';
import { type AgentMessage, parseAgentMessage, type ServerMessage } from './messages.ts';

/** An answer that was never announced has no announced end either: after such a silence it is over. */
const UNANNOUNCED_SILENCE_MS = 3000;

/** An answer that was announced has this long for its first sound, unless a tool is being waited for. */
const FIRST_SOUND_WITHIN_MS = 30_000;

/** An agent that leaves this much unread is not listening. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** After our close frame the agent has this long to answer it. */
const CLOSE_WITHIN_MS = 2000;

/** What a {@link RemoteSession} is made of. */
export interface RemoteSessionParts {
  /** Connected and paused; the session's from now on. */
  readonly socket: WebSocket;
  readonly conversation: OpenAgent;
  readonly audio: Agent['audio'];
  readonly complaints: Complaints;
}

/** A conversation with a remote agent: one socket, from `session_start` to its close. */
export class RemoteSession implements AgentSession {
  readonly #parts: RemoteSessionParts;
  readonly #events: RemoteEvents;
  readonly #intake: Intake;
  readonly #heartbeat: Heartbeat;
  readonly #over = new AbortController();
  #inputRate: number;
  #microphone: Resampler;
  #streaming = false;
  #binary = false;
  #sees = false;
  readonly #awaitedTools = new Set<string>();
  #cancelPatience: CancelTimer = () => undefined;
  #closing: Promise<void> | undefined;

  /** Greets the agent and begins to listen. */
  constructor(parts: RemoteSessionParts) {
    const { socket, conversation, audio } = parts;
    const { clock, signal, sink } = conversation;
    this.#parts = parts;
    this.#events = new RemoteEvents(audio.outputRate);
    this.#inputRate = audio.inputRate;
    this.#microphone = createResampler(audio.inputRate, this.#inputRate);
    this.#intake = new Intake({
      socket,
      clock,
      signal: this.#over.signal,
      ready: (over) => sink.ready(over),
    });
    this.#heartbeat = new Heartbeat({
      socket,
      clock,
      deaf: () => this.#intake.paused,
      onGone: () => this.#lose('no sign of life'),
    });
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary)); // nodebuffer, ws's default
    socket.on('close', (code) => this.#lose(`closed with ${code}`));
    const aborted = () => void this.close();
    signal.addEventListener('abort', aborted, { once: true });
    this.#over.signal.addEventListener('abort', () => signal.removeEventListener('abort', aborted));
    if (signal.aborted) {
      aborted();
      return;
    }
    this.#send({
      type: 'session_start',
      sessionId: conversation.sessionId,
      inputSampleRate: audio.inputRate,
      outputSampleRate: audio.outputRate,
      instructions: conversation.instructions,
      history: conversation.history,
      tools: conversation.tools,
      offers: ['binary', 'interrupt', 'image', 'tool_call'],
    });
    socket.resume();
  }

  sendAudio(pcm: Int16Array): void {
    if (!this.#streaming) {
      this.#streaming = true;
      this.#send({ type: 'audio_stream_start', sampleRate: this.#inputRate });
    }
    this.#sendSound(this.#microphone.push(pcm));
  }

  endAudio(): void {
    if (!this.#streaming) return;
    this.#streaming = false;
    this.#sendSound(this.#microphone.flush());
    this.#send({ type: 'audio_stream_end' });
  }

  sendText(text: string): void {
    this.#send({ type: 'text', data: text });
  }

  sendImage({ bytes, mimeType, caption }: Image): void {
    if (!this.#sees) {
      const error = new AgentError('agent_cannot_see', 'the remote agent has not said that it can see');
      this.#emit({ type: 'fault', error });
      return;
    }
    const data = Buffer.from(bytes).toString('base64');
    this.#send({ type: 'image', data, mimeType, ...(caption === undefined ? {} : { caption }) });
  }

  sendToolResult(callId: string, result: unknown): void {
    this.#awaitedTools.delete(callId);
    this.#send({ type: 'tool_result', callId, result });
    this.#bePatient();
  }

  cancel(turnId: string, heard: Heard): void {
    this.#events.cutOff(turnId);
    const name = this.#events.nameOf(turnId);
    this.#send({ type: 'interrupt', turnId: name, playedMs: heard.ms, heardText: heard.text });
    this.#bePatient();
  }

  close(): Promise<void> {
    this.#end();
    this.#closing ??= closed(this.#parts.socket, this.#parts.conversation.clock);
    return this.#closing;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#over.signal.aborted) return;
    this.#heartbeat.heard();
    this.#intake.counted();
    if (isBinary && this.#binary) {
      this.#tell(this.#events.hear(data));
      return;
    }
    const parsed = parseAgentMessage(data);
    if ('problem' in parsed) this.#parts.complaints.add(parsed.problem);
    else if (parsed.message.type === 'session_ready') this.#agree(parsed.message);
    else this.#tell(this.#events.read(parsed.message));
  }

  /** The agent says how it wants to be talked to. */
  #agree(wishes: Extract<AgentMessage, { readonly type: 'session_ready' }>): void {
    this.#binary = wishes.binary ?? this.#binary;
    this.#sees = wishes.vision ?? this.#sees;
    if (wishes.outputSampleRate) this.#events.setRate(wishes.outputSampleRate);
    if (!wishes.inputSampleRate || wishes.inputSampleRate === this.#inputRate) return;
    this.#inputRate = wishes.inputSampleRate;
    this.#microphone = createResampler(this.#parts.audio.inputRate, this.#inputRate);
    this.#streaming = false; // what follows is another stream: it begins with its new rate
  }

  #tell(events: readonly AgentEvent[]): void {
    for (const event of events) {
      if (event.type === 'tool_call') this.#awaitedTools.add(event.callId);
      this.#emit(event);
    }
    this.#bePatient();
    if (events.some(({ type }) => type === 'audio') && !this.#over.signal.aborted) this.#intake.heard();
  }

  /** Waits anew for the agent to go on with its answer. */
  #bePatient(): void {
    this.#cancelPatience();
    const answer = this.#events.current;
    if (answer === undefined || this.#over.signal.aborted) return;
    const { clock } = this.#parts.conversation;
    const after = (ms: number, andThen: () => AgentEvent[]) => {
      this.#cancelPatience = clock.at(clock.now() + ms, () =>
        this.#intake.paused ? this.#bePatient() : this.#tell(andThen()),
      );
    };
    if (answer.unannounced) after(UNANNOUNCED_SILENCE_MS, () => this.#events.end());
    else if (!answer.hasSound && !answer.cutOff && this.#awaitedTools.size === 0) {
      after(FIRST_SOUND_WITHIN_MS, () => this.#events.fail('an announced answer never came'));
    }
  }

  #sendSound(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    if (this.#binary) this.#write(bytes);
    else this.#send({ type: 'audio', data: bytes.toString('base64') });
  }

  #send(message: ServerMessage): void {
    this.#write(JSON.stringify(message));
  }

  #write(data: string | Buffer): void {
    const { socket } = this.#parts;
    if (this.#over.signal.aborted || socket.readyState !== socket.OPEN) return;
    // A failed write is followed by the socket's own close event.
    socket.send(data, () => undefined);
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) this.#lose('it does not read');
  }

  #emit(event: AgentEvent): void {
    if (!this.#over.signal.aborted) this.#parts.conversation.sink.emit(event);
  }

  /** The connection is of no use any more. Said once, and not after the session's own end. */
  #lose(why: string): void {
    if (this.#over.signal.aborted) return;
    const error = new AgentError('agent_lost', `the remote agent is gone: ${why}`, { retryable: true });
    for (const event of this.#events.end()) {
      if (event.type === 'audio') this.#emit(event); // was still being converted; its end is the loss
    }
    this.#emit({ type: 'lost', error });
    this.#end();
    this.#parts.socket.terminate();
  }

  #end(): void {
    this.#over.abort();
    this.#heartbeat.stop();
    this.#cancelPatience();
  }
}

/** Says goodbye, and hangs up on who does not answer. Resolves when the socket is closed. */
function closed(socket: WebSocket, clock: Clock): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancelTimeout = clock.at(clock.now() + CLOSE_WITHIN_MS, () => socket.terminate());
  socket.once('close', () => {
    cancelTimeout();
    resolve();
  });
  socket.resume(); // a paused one would not see the answer
  socket.close(1000, 'the conversation is over');
  return promise;
}
