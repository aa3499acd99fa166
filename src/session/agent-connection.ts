import type { Agent, AgentEvent, AgentSession, OpenAgent } from '../agents/agent.ts';
import { AgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { Observe, OpeningReason } from './observer.ts';

/** What an agent says about its answers and the user; the rest is between it and its connection. */
export type ConversationEvent = Exclude<AgentEvent, { readonly type: 'lost' | 'expiring' | 'resumable' }>;

/** An agent has this long to close a conversation; then nobody waits for it any more. */
const CLOSE_WITHIN_MS = 3000;

/** How a connection ended. */
export type Ending =
  /** On purpose: it would have expired, or the conversation is over. */
  | { readonly kind: 'renew' }
  | { readonly kind: 'failed'; readonly error: AgentError; readonly opened: boolean };

/** What a connection needs besides what the agent is given. */
export interface ConnectionOptions {
  readonly agent: Agent;
  readonly open: Omit<OpenAgent, 'signal' | 'sink'>;
  readonly ready: OpenAgent['sink']['ready'];
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Resolves when nobody would be cut off: the moment to end an expiring connection. */
  readonly quiet: () => Promise<void>;
  readonly onOpen: (session: AgentSession) => void;
  /** It has just ended, and nothing more will come of it; called before {@link connect} resolves. */
  readonly onEnd: () => void;
  readonly onEvent: (event: ConversationEvent) => void;
  readonly onResumable: (handle: string) => void;
  readonly observe: Observe;
  readonly reason: OpeningReason;
}

/** Opens an agent, and resolves when that connection is over and closed. Never rejects. */
export async function connect(options: ConnectionOptions): Promise<Ending> {
  const { agent, onOpen, onEnd, observe, reason } = options;
  const { clock } = options.open;
  const startedAtMs = clock.now();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, options.signal]);
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let opened = false;
  let expiring = false;

  const end = (ending: Ending) => {
    if (over.signal.aborted) return;
    over.abort();
    onEnd(); // at once: what the user says from here on must not go to a dead session
    resolve(ending);
  };
  const fail = (error: AgentError) => {
    if (signal.aborted) return;
    observe({ type: 'agent_failed', code: error.code, retryable: error.retryable, opened });
    end({ kind: 'failed', error, opened });
  };
  const endOnPurpose = () => end({ kind: 'renew' });

  const receive = (event: AgentEvent) => {
    if (signal.aborted) return;
    switch (event.type) {
      case 'lost':
        fail(event.error);
        break;
      case 'resumable':
        options.onResumable(event.handle);
        break;
      case 'expiring':
        if (!expiring) void options.quiet().then(endOnPurpose);
        expiring = true; // saying it again changes nothing
        break;
      default:
        options.onEvent(event);
    }
  };

  if (options.signal.aborted) return { kind: 'renew' };
  observe({ type: 'agent_opening', reason });
  options.signal.addEventListener('abort', endOnPurpose, { once: true });
  const opening = Promise.try(() =>
    agent.open({ ...options.open, signal, sink: { emit: receive, ready: options.ready } }),
  );
  opening
    .then((session) => {
      if (signal.aborted) return;
      opened = true;
      observe({ type: 'agent_opened', reason, tookMs: clock.now() - startedAtMs });
      onOpen(session);
    })
    .catch((cause: unknown) => fail(asAgentError(cause)));
  const ending = await ended;
  options.signal.removeEventListener('abort', endOnPurpose);
  const closing = opening.then((session) => session.close()).catch(() => undefined); // it is gone already
  if (opened) await atMost(CLOSE_WITHIN_MS, closing, clock); // who never opened is not waited for
  return ending;
}

/** Resolves with the promise, which does not reject, or after `ms`. */
async function atMost(ms: number, promise: Promise<void>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const patience = clock.sleep(ms, done.signal).catch(() => undefined); // it was quick enough
  await Promise.race([promise, patience]);
  done.abort();
}

function asAgentError(cause: unknown): AgentError {
  if (cause instanceof AgentError) return cause;
  return new AgentError('agent_unavailable', 'agent could not be opened', { retryable: true, cause });
}
