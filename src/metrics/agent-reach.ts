import { type Observer, observeSessions } from '../session/observer.ts';

/** What is known of reaching the agent, from the conversations that tried; nobody asks it for this. */
export class AgentReach {
  #reachable: boolean | undefined;

  /** Whether the last connection that was tried could be opened; undefined before any was. */
  get reachable(): boolean | undefined {
    return this.#reachable;
  }

  /** Learns from every conversation. */
  readonly observer: Observer = observeSessions(() => (event) => {
    if (event.type === 'agent_opened') this.#reachable = true;
    else if (event.type === 'agent_failed' && !event.opened) this.#reachable = false;
  });
}
