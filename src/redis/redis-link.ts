import { createClient, ErrorReply } from '@redis/client';
import type { Logger } from '../log.ts';
import type { Clock } from '../time/clock.ts';
import type { RedisScript } from './redis-script.ts';

/** Nobody waits longer than this for an answer. Two questions make a connect, so that costs 100 ms at most. */
export const ANSWER_WITHIN_MS = 50;

/** The start waits so long for the first connection, then goes on without. */
const OPEN_WITHIN_MS = 1000;

/** While Redis is away it is asked this often whether it is back. */
const PROBE_EVERY_MS = 1000;

/** A Redis that answers with an error (a replica, memory used up) will not be well in a moment. */
const PROBE_AFTER_REFUSAL_MS = 30_000;

/** A connection that stands and says nothing for so long is replaced by a new one. */
const REPLACE_AFTER_MS = 5000;

/** Pauses between attempts to connect: doubled from the first to the second of these. */
const RECONNECT_MS = { first: 50, longest: 1000 } as const;

/** Questions that may be on their way at the same time. */
const MAX_PENDING = 1000;

/** What scripts are run by: a {@link RedisLink}, or something else in tests. */
export interface ScriptRunner {
  /** Runs a script; resolves with its reply, or undefined if Redis is away. Never rejects, and never takes long. */
  run(script: RedisScript, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

/** What a {@link RedisLink} needs. */
export interface RedisLinkOptions {
  /** redis:// or rediss://, with user, password and number of the database where needed. Never printed. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long an answer is waited for; {@link ANSWER_WITHIN_MS} where left out. */
  readonly answerWithinMs?: number;
}

/** How Redis is; `probeAtMs` is when to ask next, `sinceMs` when it was last heard of. */
type State =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'up' }
  | { readonly phase: 'away'; readonly sinceMs: number; readonly probeAtMs: number }
  | { readonly phase: 'closed' };

type Client = ReturnType<typeof newClient>;

/**
 * A connection to Redis that never holds anybody up: a question has an answer soon, or none. An outage is logged once,
 * at its beginning and at its end; the connection comes back by itself.
 */
export class RedisLink implements ScriptRunner {
  readonly #options: RedisLinkOptions;
  #state: State = { phase: 'connecting' };
  #client: Client;
  /** Called when it is known, for the first time, how Redis is. */
  #decided: () => void = () => undefined;

  /** Connects, and resolves once that is done, or has taken too long to wait for. The caller closes it. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(options);
    await link.#firstAnswer();
    return link;
  }

  private constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#client = this.#connect();
  }

  /** Whether questions are answered now. */
  get up(): boolean {
    return this.#state.phase === 'up';
  }

  async run(script: RedisScript, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    if (this.#state.phase !== 'up') {
      this.#probeWhenDue();
      return undefined;
    }
    try {
      return await this.#soon(evaluate(this.#client, script, { keys: [...keys], arguments: [...args] }));
    } catch (error) {
      this.#away(error);
      return undefined;
    }
  }

  /** Ends the connection; every later question has no answer. */
  close(): void {
    this.#state = { phase: 'closed' };
    discard(this.#client);
  }

  #connect(): Client {
    const client = newClient(this.#options.url);
    client.on('error', (error: unknown) => this.#away(error));
    client.on('ready', () => this.#probe());
    client.connect().catch(() => undefined); // each failed attempt is an error event, and closing ends them
    return client;
  }

  async #firstAnswer(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { clock } = this.#options;
    const cancel = clock.at(clock.now() + OPEN_WITHIN_MS, () =>
      this.#away(new Error(`no connection within ${OPEN_WITHIN_MS} ms`)),
    );
    this.#decided = resolve;
    await promise;
    cancel();
  }

  #away(error: unknown): void {
    const { phase } = this.#state;
    if (phase === 'away' || phase === 'closed') return;
    const nowMs = this.#options.clock.now();
    const pauseMs = error instanceof ErrorReply ? PROBE_AFTER_REFUSAL_MS : PROBE_EVERY_MS;
    this.#state = { phase: 'away', sinceMs: nowMs, probeAtMs: nowMs + pauseMs };
    this.#decided();
    this.#options.log.warn(
      { err: error },
      'Redis is away: limits are held by this node alone until it is back',
    );
  }

  #back(): void {
    const { phase } = this.#state;
    if (phase === 'up' || phase === 'closed') return;
    this.#state = { phase: 'up' };
    this.#decided();
    this.#options.log.info(phase === 'away' ? 'Redis is back' : 'Redis is connected');
  }

  /** Whoever asks while Redis is away starts, now and then, a question of ours that nobody waits for. */
  #probeWhenDue(): void {
    const state = this.#state;
    const nowMs = this.#options.clock.now();
    if (state.phase !== 'away' || nowMs < state.probeAtMs) return;
    if (nowMs - state.sinceMs < REPLACE_AFTER_MS) {
      this.#state = { ...state, probeAtMs: nowMs + PROBE_EVERY_MS };
      this.#probe();
    } else {
      this.#state = { phase: 'away', sinceMs: nowMs, probeAtMs: nowMs + PROBE_EVERY_MS };
      discard(this.#client);
      this.#client = this.#connect();
    }
  }

  /** That a connection stands does not mean that somebody answers. */
  #probe(): void {
    this.#soon(this.#client.ping()).then(
      () => this.#back(),
      (error: unknown) => this.#away(error),
    );
  }

  /** The answer, if it comes soon; rejects otherwise. */
  async #soon<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { clock, answerWithinMs = ANSWER_WITHIN_MS } = this.#options;
    const { promise: late, reject } = Promise.withResolvers<never>();
    // A loop that was held up fires its timers before it reads; what has come meanwhile is read first.
    const cancel = clock.at(clock.now() + answerWithinMs, () =>
      setImmediate(() => reject(new Error(`no answer within ${answerWithinMs} ms`))),
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      cancel();
    }
  }
}

function newClient(url: string) {
  return createClient({
    url,
    RESP: 2, // nothing of RESP 3 is needed, and every Redis speaks this
    disableClientInfo: true,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    commandsQueueMaxLength: MAX_PENDING,
    socket: {
      reconnectStrategy: (retries) => Math.min(RECONNECT_MS.first * 2 ** retries, RECONNECT_MS.longest),
    },
  });
}

/** Runs a script by its name, and by its text where Redis does not know it (any more). */
async function evaluate(
  client: Client,
  script: RedisScript,
  options: { readonly keys: string[]; readonly arguments: string[] },
): Promise<unknown> {
  try {
    return await client.evalSha(script.sha1, options);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(script.text, options);
  }
}

/** Ends a client whose state we do not know. */
function discard(client: Client): void {
  client.removeAllListeners();
  client.on('error', () => undefined);
  try {
    client.destroy();
  } catch {
    // It was closed already, which is what we want.
  }
}
