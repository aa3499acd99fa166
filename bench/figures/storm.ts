import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { Child, type ChildName } from '../child.ts';
import { atMost, type Figure } from '../figure.ts';
import { type Summary, summarise } from '../stats.ts';
import { spread } from '../table.ts';

const CONNECTS = 500;
const WITHIN_MS = 2000;
const ROOM = 400;
const LIMIT_MS = 1000;

/** A socket that has neither got a message nor been closed by then hangs. */
const PATIENCE_MS = 5000;

/** What became of one connect. */
interface Outcome {
  readonly kind: 'accepted' | 'refused' | 'hangs';
  /** From the connect to the first message. */
  readonly tookMs: number;
}

/** Many who come at the same time, more than there is room for. */
export const storm: Figure = {
  name: 'storm',
  title: `${CONNECTS} connects in ${WITHIN_MS / 1000} s, room for ${ROOM}: from the connect to \`config\``,
  run: async () => {
    const floor = await take('floor');
    const ours = await take('server');
    const count = (kind: Outcome['kind']) => ours.filter((outcome) => outcome.kind === kind).length;
    const accepted = times(ours, 'accepted');
    return [
      {
        what: `accepted (${count('accepted')}), p50 / p99 / max (ms)`,
        measured: spread(accepted, 'p99'),
        floor: spread(times(floor, 'accepted'), 'p99'),
        ...atMost(accepted.max, LIMIT_MS, `max ≤ ${LIMIT_MS}`),
      },
      {
        what: 'refused with an error that says when to come back, and 1013',
        measured: String(count('refused')),
        ...atMost(Math.abs(count('refused') - (CONNECTS - ROOM)), 0, String(CONNECTS - ROOM)),
      },
      { what: 'left hanging', measured: String(count('hangs')), ...atMost(count('hangs'), 0, '0') },
    ];
  },
};

async function take(name: ChildName): Promise<readonly Outcome[]> {
  await using child = await Child.start(name, { env: { BENCH_MAX_SESSIONS: String(ROOM) } });
  const sockets: WebSocket[] = [];
  const outcomes = await Promise.all(
    Array.from({ length: CONNECTS }, async (_, index) => {
      await delay((index / CONNECTS) * WITHIN_MS);
      const socket = new WebSocket(`ws://127.0.0.1:${child.port}/ws`, { perMessageDeflate: false });
      sockets.push(socket);
      return outcomeOf(socket, name === 'floor' ? 'open' : 'message');
    }),
  );
  for (const socket of sockets) socket.terminate();
  return outcomes;
}

function outcomeOf(socket: WebSocket, sign: 'open' | 'message'): Promise<Outcome> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    const settle = (kind: Outcome['kind']) => resolve({ kind, tookMs: performance.now() - startedAtMs });
    setTimeout(settle, PATIENCE_MS, 'hangs').unref();
    let retryAfterMs: unknown;
    socket.on('error', () => undefined); // its close follows
    socket.on(sign, (data?: Buffer) => {
      const message = data === undefined ? undefined : (JSON.parse(String(data)) as Record<string, unknown>);
      if (message?.['type'] !== 'error') settle('accepted');
      else retryAfterMs = message['retryAfterMs'];
    });
    socket.on('close', (code) => {
      if (code === 1013 && Number(retryAfterMs) > 0) settle('refused');
    });
  });
}

function times(outcomes: readonly Outcome[], kind: Outcome['kind']): Summary {
  return summarise(outcomes.filter((outcome) => outcome.kind === kind).map(({ tookMs }) => tookMs));
}
