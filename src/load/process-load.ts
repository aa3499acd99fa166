import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { constrainedMemory, memoryUsage } from 'node:process';
import { getHeapStatistics } from 'node:v8';
import type { Load } from './overload.ts';

const SAMPLING_MS = 20;

/** Measures this process. Whoever starts it stops it. */
export interface ProcessLoad {
  /** The load now, and how late the loop was since the last reading. */
  read(): Load;
  stop(): void;
}

/**
 * Starts to measure.
 *
 * @param maxMemoryBytes what the process may use; undefined: what its container allows (cgroup), or the machine has.
 */
export function measureLoad(maxMemoryBytes: number | undefined): ProcessLoad {
  const limitBytes = maxMemoryBytes ?? memoryLimit();
  const loop = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  loop.enable();
  return {
    read: () => {
      const loopDelayP99Ms = Math.max(0, loop.percentile(99) / 1e6 - SAMPLING_MS);
      loop.reset();
      // A full heap ends the process, too, however much memory there is around it (--max-old-space-size).
      const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
      return { memoryShare: Math.max(memoryUsage.rss() / limitBytes, used / most), loopDelayP99Ms };
    },
    stop: () => loop.disable(),
  };
}

/** Without a limit the operating system reports 0, or more than there is. */
function memoryLimit(): number {
  const constrained = constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
