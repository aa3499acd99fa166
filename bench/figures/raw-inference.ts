import type { Figure, Row } from '../figure.ts';
import { cachedStandIn } from '../stand-in/cached.ts';
import { RawProcesses } from '../stand-in/raw-processes.ts';
import { spread } from '../table.ts';

const SAMPLE_RATE = 16_000;

/** Half a second, a second, and the 64 frames that the model was built around. */
const WINDOWS_SAMPLES = [8000, 16_000, 34_133] as const;

const PROCESSES = [1, 2] as const;
const FOR_MS = 4000;

/** What the full-size stand-in costs by itself: whatever the engine does, it can get no more out of the machine. */
export const rawInference: Figure = {
  name: 'raw-inference',
  title: 'Full-size stand-in back to back, one thread in each process (ms of a run: median / p95 / max)',
  run: async () => {
    const model = await cachedStandIn();
    const rows: Row[] = [];
    for (const count of PROCESSES) {
      await using processes = await RawProcesses.start(model, count);
      for (const windowSamples of WINDOWS_SAMPLES) {
        const { soundPerSecond, runMs } = await processes.measure({ windowSamples, forMs: FOR_MS });
        const windowS = (windowSamples / SAMPLE_RATE).toFixed(3);
        rows.push({
          what: `${windowS} s windows, ${count === 1 ? '1 process' : `${count} processes`}`,
          measured: `${soundPerSecond.toFixed(2)} s of sound a second (${spread(runMs, 'p95')})`,
        });
      }
    }
    return rows;
  },
};
