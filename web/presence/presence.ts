import type { Activity, ConnectionState } from '../client/src/index.js';

/** What the page says is going on. */
export type Presence =
  | { readonly kind: 'connecting' | 'listening' | 'thinking' | 'speaking' }
  /** The connection broke; the next attempt is at `dueAtMs` (of `performance.now()`), or is being made. */
  | { readonly kind: 'reconnecting'; readonly dueAtMs: number; readonly reason: string }
  /** The visitor's device has no network. */
  | { readonly kind: 'offline' }
  /** The server will not have this page. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The server closed a conversation nobody was having. */
  | { readonly kind: 'resting' };

/** What decides it. */
export interface Circumstances {
  readonly state: ConnectionState;
  readonly activity: Activity;
  /** The browser's own opinion of the network. */
  readonly hasNetwork: boolean;
  /** The connection's last loss: when the next attempt is due, and the code of an error that explains it, if one does. */
  readonly loss: { readonly dueAtMs: number; readonly reason: string };
}

/** What the page says now, after what it said before: attempts after a loss still count as reconnecting. */
export function presenceAfter(
  before: Presence,
  { state, activity, hasNetwork, loss }: Circumstances,
): Presence {
  if (activity === 'speaking') return { kind: 'speaking' }; // what has come is heard to its end, whatever broke
  switch (state.kind) {
    case 'online':
      return { kind: activity === 'thinking' ? 'thinking' : 'listening' };
    case 'refused':
      return state;
    case 'closed':
      return { kind: 'resting' };
    case 'reconnecting':
      return hasNetwork ? { kind: 'reconnecting', ...loss } : { kind: 'offline' };
    case 'connecting': {
      const again = before.kind === 'reconnecting' || before.kind === 'offline';
      if (!again) return { kind: 'connecting' };
      return hasNetwork ? { kind: 'reconnecting', ...loss } : { kind: 'offline' };
    }
  }
}

/** Whether nobody can be talked to: the avatar sleeps. */
export function isAway({ kind }: Presence): boolean {
  return kind !== 'listening' && kind !== 'thinking' && kind !== 'speaking';
}
