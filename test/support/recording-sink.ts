import type { AgentEvent, AgentSink, OpenAgent } from '../../src/agents/agent.ts';
import { concatPcm } from '../../src/audio/pcm.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';

type EventOf<Type extends AgentEvent['type']> = Extract<AgentEvent, { readonly type: Type }>;

/** A session's side of an agent: keeps what the agent says, and plays on as fast as it may or not at all. */
export class RecordingSink implements AgentSink {
  readonly events: AgentEvent[] = [];
  #watchers: (() => void)[] = [];
  #held = false;

  emit(event: AgentEvent): void {
    this.events.push(event);
    this.#notify();
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => this.#notify(), { once: true });
    while (this.#held) {
      await this.#change();
      signal.throwIfAborted();
    }
  }

  /** From now on as much sound is held as can be: {@link ready} waits. */
  hold(): void {
    this.#held = true;
  }

  /** The held sound has been played. */
  release(): void {
    this.#held = false;
    this.#notify();
  }

  /** The events of one type. */
  of<Type extends AgentEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Waits until there are so many events of a type (for ever, if they never come); gives the last of them. */
  async until<Type extends AgentEvent['type']>(type: Type, count = 1): Promise<EventOf<Type>> {
    while (true) {
      const event = this.of(type)[count - 1];
      if (event !== undefined) return event;
      await this.#change();
    }
  }

  /** Everything of one turn. */
  turn(turnId: string): AgentEvent[] {
    return this.events.filter((event) => 'turnId' in event && event.turnId === turnId);
  }

  /** The sound of one turn. */
  sound(turnId: string): Int16Array {
    return concatPcm(
      this.of('audio')
        .filter((event) => event.turnId === turnId)
        .map(({ pcm }) => pcm),
    );
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }
}

/** What a session gives an agent to open a conversation, with nothing in it but the sink and the signal. */
export function conversation(sink: AgentSink, signal: AbortSignal): OpenAgent {
  return { sessionId: 's', instructions: '', tools: [], history: [], signal, clock: new FakeClock(), sink };
}
