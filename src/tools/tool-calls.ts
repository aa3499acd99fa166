import type { Clock } from '../time/clock.ts';
import type { Tool } from './tool.ts';

/** A tool's answer may be so long; a longer one would not fit a conversation. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** And be nested so deep: what is deeper can be read, but not written again to the model. */
const MAX_ANSWER_LEVELS = 100;

/** So many calls may be under way in one conversation; one more is refused. */
const MAX_PENDING = 16;

/** A call of a tool by the model. */
export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** What the model wrote. */
  readonly args: unknown;
}

/** What {@link ToolCalls} needs. */
export interface ToolCallsOptions {
  readonly tools: readonly Tool[];
  readonly sessionId: string;
  readonly clock: Clock;
  /** Ends every call. */
  readonly signal: AbortSignal;
  /** Hands a call to the client's page. */
  readonly onClientCall: (call: ToolCall) => void;
}

/**
 * Runs the tools a conversation's model calls. A tool never throws: what goes wrong is told to the model as `{error}`,
 * so that it can say so.
 */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #waitingForClient = new Map<string, (result: unknown) => void>();
  #pending = 0;

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** Calls under way. */
  get pending(): number {
    return this.#pending;
  }

  /** Runs a call and resolves with what the model is told. Never rejects. */
  async run(call: ToolCall): Promise<unknown> {
    const tool = this.#options.tools.find(({ name }) => name === call.name);
    if (tool === undefined) return { error: `there is no tool named ${call.name}` };
    if (this.#pending >= MAX_PENDING) return { error: 'too many tools are running' };
    this.#pending += 1;
    const finished = new AbortController();
    const { clock, signal } = this.#options;
    try {
      const answer = await Promise.race([
        tool.run.where === 'http'
          ? this.#post(tool.run.url, call, finished.signal)
          : this.#askClient(call, tool.run.answers, finished.signal),
        clock
          .sleep(tool.run.timeoutMs, AbortSignal.any([signal, finished.signal]))
          .then(() => ({ error: 'the tool did not answer in time' })),
      ]);
      if (isDeeperThan(MAX_ANSWER_LEVELS, answer)) throw new RangeError('its answer is nested too deep');
      return answer;
    } catch (error) {
      return { error: signal.aborted ? 'the conversation is over' : `the tool failed: ${reason(error)}` };
    } finally {
      this.#pending -= 1;
      finished.abort();
    }
  }

  /** The client's answer to a call; one that nobody waits for is ignored. */
  answer(callId: string, result: unknown): void {
    this.#waitingForClient.get(callId)?.(result);
  }

  #askClient(call: ToolCall, answers: boolean, finished: AbortSignal): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    if (answers) this.#await(call.callId, resolve, finished);
    else resolve({ success: true });
    this.#options.onClientCall(call);
    return promise;
  }

  /** Of two calls of one name, as two connections can make them, the page's answer is the later one's. */
  #await(callId: string, resolve: (result: unknown) => void, finished: AbortSignal): void {
    this.#waitingForClient.set(callId, resolve);
    const forget = () => {
      if (this.#waitingForClient.get(callId) === resolve) this.#waitingForClient.delete(callId);
    };
    finished.addEventListener('abort', forget, { once: true });
  }

  async #post(url: string, { name, args, callId }: ToolCall, finished: AbortSignal): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, arguments: args, callId, sessionId: this.#options.sessionId }),
      redirect: 'error',
      signal: AbortSignal.any([this.#options.signal, finished]),
    });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const text = await readText(response);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return { result: text }; // a plain text is an answer, too
    }
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new RangeError(`more than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
