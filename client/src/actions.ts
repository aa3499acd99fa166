import type { ClientMessage } from './wire/messages.ts';

/** Does what the model asks the page for; what it returns (or resolves with) is told to the model. */
export type ActionHandler = (args: Readonly<Record<string, unknown>>) => unknown;

/** Something the model asks the page for. */
export interface Action {
  readonly name: string;
  /** As the model wrote them: check before use. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly callId: string;
  /** Whether a handler of this name took it; otherwise whoever hears of it may answer with `actionResult`. */
  readonly handled: boolean;
}

/** The page's handlers by name. */
export class Actions {
  readonly #send: (message: ClientMessage) => boolean;
  readonly #handlers = new Map<string, ActionHandler>();

  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  /** From now on `handler` does what is called `name`, until the function that is returned is called. */
  handle(name: string, handler: ActionHandler): () => void {
    this.#handlers.set(name, handler);
    return () => {
      if (this.#handlers.get(name) === handler) this.#handlers.delete(name);
    };
  }

  /** The model asks. A handler that fails is an answer, too: the model is told, and can say it. */
  run(name: string, given: unknown, callId: string): Action {
    const args = (typeof given === 'object' && given !== null ? given : {}) as Action['args'];
    const handler = this.#handlers.get(name);
    if (handler !== undefined) void this.#answer(handler, args, callId);
    return { name, args, callId, handled: handler !== undefined };
  }

  /** Tells the model what came of it. @returns false if it could not be sent. */
  result(callId: string, result: unknown): boolean {
    try {
      JSON.stringify(result);
      return this.#send({ type: 'action_result', callId, result: result ?? null });
    } catch {
      return this.#send({ type: 'action_result', callId, result: { error: 'The result is no JSON.' } });
    }
  }

  async #answer(handler: ActionHandler, args: Action['args'], callId: string): Promise<void> {
    try {
      this.result(callId, await handler(args));
    } catch (error) {
      this.result(callId, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}
