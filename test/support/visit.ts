import { WebSocket } from 'ws';
import type { Received } from './session.ts';

/** Who comes, from where, with what. */
export interface Visit {
  readonly url: string;
  readonly ca?: Buffer;
  readonly origin: string;
  readonly token: string;
  /** An address of this machine's own (127.x.x.x); 127.0.0.1 if left out. */
  readonly from?: string;
}

/** What a visitor meets at the door. */
export type Welcome =
  | { readonly outcome: 'in'; readonly socket: WebSocket }
  | {
      readonly outcome: 'refused';
      readonly code: string;
      readonly retryAfterMs: number;
      readonly closed: number;
    }
  /** Cut off, or answered by a proxy without a node. */
  | { readonly outcome: 'failed'; readonly how: string };

/** Connects; resolves when the session has begun, or why not is known. The caller closes the socket. */
export async function visit({ url, ca, origin, token, from }: Visit): Promise<Welcome> {
  const socket = new WebSocket(`${url}?token=${encodeURIComponent(token)}`, {
    origin,
    ...(ca === undefined ? {} : { ca }),
    ...(from === undefined ? {} : { localAddress: from }),
  });
  let how = 'cut off';
  socket.on('error', ({ message }) => {
    how = message;
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const first = new Promise<Received>((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data)) as Received));
  });
  const message = await Promise.race([first, closed]);
  if (typeof message === 'number') return { outcome: 'failed', how };
  if (message.type !== 'error') return { outcome: 'in', socket };
  const { code, retryAfterMs } = message;
  return { outcome: 'refused', code: String(code), retryAfterMs: Number(retryAfterMs), closed: await closed };
}
