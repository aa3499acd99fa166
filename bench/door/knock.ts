import WebSocket from 'ws';
import { z } from 'zod';
import { monotonicMs } from '../monotonic.ts';

/** Whoever has heard nothing by then hangs. */
const PATIENCE_MS = 5000;

const FIRST_MESSAGE = z.object({ type: z.string(), retryAfterMs: z.number().optional() });

/** How a knock at a server's door went. */
export interface Knocked {
  readonly outcome: 'accepted' | 'told to wait' | 'other' | 'hung';
  /** From the first packet to the first message (or, where only that is waited for, to the open socket). */
  readonly afterMs: number;
}

/** How to knock. */
export interface KnockOptions {
  readonly port: number;
  /** What follows /ws. */
  readonly query: string;
  /** The address of this machine to come from. */
  readonly from: string;
  readonly origin: string;
  /** Until `config` or a refusal has come, or until the socket is open: the floor sends nothing. */
  readonly until: 'answered' | 'open';
}

/** Connects once, and disconnects when `leave` is called, which every knocker waits for that was let in. */
export async function knock(options: KnockOptions, leave: AbortSignal): Promise<Knocked> {
  const { port, query, from, origin, until } = options;
  const startedAtMs = monotonicMs();
  const { promise, resolve } = Promise.withResolvers<Knocked>();
  const settle = (outcome: Knocked['outcome']) => resolve({ outcome, afterMs: monotonicMs() - startedAtMs });
  const timer = setTimeout(() => settle('hung'), PATIENCE_MS);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, {
    perMessageDeflate: false,
    localAddress: from,
    origin,
  });
  let hinted = false;
  leave.addEventListener('abort', () => socket.terminate());
  socket.on('open', () => until === 'open' && settle('accepted'));
  socket.on('error', () => settle('other'));
  socket.on('message', (data) => {
    const message = FIRST_MESSAGE.parse(JSON.parse(String(data)));
    if (message.type === 'config') settle('accepted');
    hinted = message.retryAfterMs !== undefined;
  });
  socket.on('close', (code) => settle(code === 1013 && hinted ? 'told to wait' : 'other'));
  const knocked = await promise;
  clearTimeout(timer);
  return knocked;
}
