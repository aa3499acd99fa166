import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Answers, Question, Reply, Usage } from './child-messages.ts';
import { monotonicMs } from './monotonic.ts';
import type { Mark } from './order.ts';

const SAMPLING_MS = 10;

/**
 * The child's side of child.ts: says that it listens, and answers until the bench lets go of it.
 *
 * @param windows counts those of the face engine, where there is one.
 */
export function answerQuestions(
  port: number,
  takeMarks: () => readonly Mark[],
  windows: () => number = () => 0,
): void {
  const usage = usageMeter();
  process.on('message', ({ id, about }: Question) => {
    tell({ kind: 'answer', id, answer: answerTo(about, { takeMarks, usage, windows }) });
  });
  process.on('disconnect', () => process.exit(0));
  tell({ kind: 'ready', port, nowMs: monotonicMs() });
}

interface Sources {
  readonly takeMarks: () => readonly Mark[];
  readonly usage: () => Usage;
  readonly windows: () => number;
}

function answerTo(about: keyof Answers, { takeMarks, usage, windows }: Sources): Answers[keyof Answers] {
  switch (about) {
    case 'marks':
      return takeMarks();
    case 'usage':
      return usage();
    case 'rssBytes':
      globalThis.gc?.();
      return process.memoryUsage.rss();
    case 'held':
      globalThis.gc?.();
      return {
        rssBytes: process.memoryUsage.rss(),
        heapBytes: process.memoryUsage().heapUsed,
        buffersBytes: process.memoryUsage().external,
        reservedBytes: process.memoryUsage().heapTotal,
        resources: process.getActiveResourcesInfo(),
      };
    case 'windows':
      return windows();
  }
}

function usageMeter(): () => Usage {
  const loop = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  loop.enable();
  let cpu = process.cpuUsage();
  let sinceMs = monotonicMs();
  return () => {
    const used = process.cpuUsage(cpu);
    const elapsedMs = monotonicMs() - sinceMs;
    const report: Usage = {
      cpuPercent: (used.user + used.system) / 10 / elapsedMs,
      rssBytes: process.memoryUsage.rss(),
      loopDelayP99Ms: Math.max(0, loop.percentile(99) / 1e6 - SAMPLING_MS),
    };
    loop.reset();
    cpu = process.cpuUsage();
    sinceMs = monotonicMs();
    return report;
  };
}

function tell(reply: Reply): void {
  process.send?.(reply);
}
