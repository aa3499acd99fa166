import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { encodeOrder, FAST_DELIVERY } from './order.ts';

/** How often in a hundred answers. */
const INTERRUPTED = 0.2;
const LOST = 0.03;

/** What became of everything a crowd of soakers did. */
export interface SoakCounts {
  connects: number;
  answers: number;
  interrupts: number;
  losses: number;
  /** Answers that neither ended nor were cut off in time, and connections the server ended. */
  failures: number;
}

/**
 * One visitor after the other in one place: each asks for answers, interrupts some, sees the agent break, and leaves
 * after `staysMs`. Ends with the signal.
 */
export async function soak(
  port: number,
  staysMs: number,
  random: () => number,
  counts: SoakCounts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
    const types = new Set<string>();
    let wake: () => void = () => undefined;
    const look = (type: string) => {
      types.add(type);
      wake();
    };
    socket.on('message', (data: Buffer) =>
      look(/^\{"type":"(\w+)"/.exec(String(data.subarray(0, 40)))?.[1] ?? ''),
    );
    socket.on('error', () => undefined); // its close follows
    socket.on('close', () => look('closed'));
    const until = async (...wanted: string[]) => {
      const giveUpAtMs = performance.now() + 15_000;
      while (!wanted.some((type) => types.has(type)) && performance.now() < giveUpAtMs) {
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), delay(1000)]);
      }
      if (types.has('closed') || !wanted.some((type) => types.has(type))) counts.failures += 1;
    };
    counts.connects += 1;
    await until('config');
    const leavesAtMs = performance.now() + staysMs * (0.5 + random());
    while (!signal.aborted && performance.now() < leavesAtMs && !types.has('closed')) {
      types.clear();
      const lost = random() < LOST;
      const durationMs = 1000 + random() * 3000;
      socket.send(encodeOrder({ id: 0, pauseMs: 0, durationMs, ...FAST_DELIVERY, lost }));
      counts.answers += 1;
      if (lost) counts.losses += 1;
      if (random() < INTERRUPTED) {
        await until('audio_start');
        await delay(random() * 800);
        socket.send('{"type":"interrupt"}');
        counts.interrupts += 1;
        await until('interrupt', 'audio_end');
      } else {
        await until('audio_end');
      }
      await delay(200);
    }
    socket.close(1000);
    await delay(20);
  }
}
