// An agent of your own: says back what it is told, one beep a word. Start the server with
// `AGENT_TYPE=./docs/examples/my-agent.ts BEEP_HZ=300 npm start`.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AgentSession, defineAgent, type OpenAgent } from '../../src/index.ts'; // elsewhere: 'avatar-chat-server'

const SAMPLE_RATE = 16_000;

export const agent = defineAgent({
  name: 'beeper',
  settings: z.object({ BEEP_HZ: z.coerce.number().min(100).max(4000).default(440) }),
  create: ({ settings }) => ({
    name: 'beeper',
    audio: { inputRate: SAMPLE_RATE, outputRate: SAMPLE_RATE },
    capabilities: {
      serverTurnDetection: false,
      truncation: false,
      userTranscript: false,
      text: true,
      tools: false,
      vision: false,
    },
    charsPerSecond: 16,
    open: async (conversation) => {
      conversation.signal.throwIfAborted();
      return new Beeper(conversation, settings.BEEP_HZ);
    },
    close: async () => undefined,
  }),
});

class Beeper implements AgentSession {
  readonly #conversation: OpenAgent;
  readonly #hz: number;
  readonly #over = new AbortController();
  #answer = new AbortController();

  constructor(conversation: OpenAgent, hz: number) {
    this.#conversation = conversation;
    this.#hz = hz;
  }

  sendText(text: string): void {
    this.cancel();
    this.#answer = new AbortController();
    const signal = AbortSignal.any([this.#answer.signal, this.#over.signal, this.#conversation.signal]);
    this.#say(text, signal).catch(() => undefined); // cancelled
  }

  cancel(): void {
    this.#answer.abort();
  }

  async close(): Promise<void> {
    this.#over.abort();
  }

  // It has no ear.
  sendAudio(): void {}
  endAudio(): void {}

  async #say(text: string, signal: AbortSignal): Promise<void> {
    const { sink, clock } = this.#conversation;
    const turnId = randomUUID();
    signal.throwIfAborted();
    sink.emit({ type: 'turn_started', turnId });
    for (const word of text.split(/\s+/)) {
      await sink.ready(signal); // not faster than it can be played
      await clock.sleep(50, signal); // a real one would wait for its model
      sink.emit({ type: 'text', turnId, text: `${word} ` });
      sink.emit({ type: 'audio', turnId, pcm: this.#beep(60 * word.length) });
    }
    sink.emit({ type: 'turn_ended', turnId });
  }

  #beep(ms: number): Int16Array {
    const step = (2 * Math.PI * this.#hz) / SAMPLE_RATE;
    return Int16Array.from({ length: (SAMPLE_RATE * ms) / 1000 }, (_, at) => 9000 * Math.sin(at * step));
  }
}
