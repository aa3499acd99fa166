import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseConfig } from '../../src/config/config.ts';
import { InferenceError } from '../../src/errors.ts';
import type { FaceAnimator } from '../../src/face/animator.ts';
import { loudnessAnimator } from '../../src/face/loudness/loudness-animator.ts';
import { type Engine, type FaceParts, startEmbedded, startFullSize } from '../../src/faces/engines.ts';
import { silentLogger } from '../../src/log.ts';
import { systemClock } from '../../src/time/clock.ts';
import { type Clip, SAMPLE_RATE } from '../material/clip.ts';
import type { Track } from '../track.ts';
import type { Contestant } from './contestant.ts';

/** Sound comes in pieces of 100 ms, one every 10 ms: as from an agent, but quicker. */
const PIECE_SAMPLES = SAMPLE_RATE / 10;
const PIECE_EVERY_MS = 10;

/** The server's own faces that can be had here, without the liveliness that goes on top of all; and why others cannot. */
export async function serverFaces(): Promise<{ contestants: Contestant[]; missing: string[] }> {
  const parts: FaceParts = {
    config: parseConfig({ ...process.env, FACE_VISEMES: 'true' }),
    clock: systemClock(),
    log: silentLogger(),
  };
  const contestants = [contestant('loudness', loudnessAnimator())];
  const missing: string[] = [];
  for (const start of [() => startEmbedded(parts, 'primary'), () => startFullSize(parts)]) {
    try {
      const engine = await start();
      contestants.push(contestant(engine.animator.name, engine.animator, engine));
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      missing.push(error.message);
    }
  }
  return { contestants, missing };
}

function contestant(name: string, animator: FaceAnimator, engine?: Engine): Contestant {
  const windows = engine === undefined ? () => 0 : countedWindows(engine);
  return {
    name,
    animate: (clip) => animated(animator, clip, PIECE_SAMPLES, windows),
    whole: (clip) => animated(animator, clip, clip.pcm.length, windows),
    cpuS: () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 + childrenCpuS(),
    close: async () => {
      await animator.close();
      await engine?.pool.close();
    },
  };
}

/** Windows answered so far. */
function countedWindows({ pool }: Engine): () => number {
  let windows = 0;
  const run = pool.run.bind(pool);
  pool.run = async (job) => {
    const rows = await run(job);
    windows += 1;
    return rows;
  };
  return () => windows;
}

async function animated(
  animator: FaceAnimator,
  { pcm }: Clip,
  pieceSamples: number,
  windows: () => number,
): Promise<Track> {
  const stream = animator.open({ sampleRate: SAMPLE_RATE, signal: new AbortController().signal });
  const weights: Float32Array[] = [];
  const visemes: Float32Array[] = [];
  const seams: number[] = [];
  const reading = (async () => {
    let before = windows();
    for await (const frame of stream.frames) {
      if (windows() !== before) seams.push(frame.index);
      before = windows();
      weights.push(frame.weights);
      if (frame.visemes !== undefined) visemes.push(frame.visemes);
    }
  })();
  for (let at = 0; at < pcm.length; at += pieceSamples) {
    stream.push(pcm.subarray(at, at + pieceSamples));
    if (pieceSamples < pcm.length) await delay(PIECE_EVERY_MS);
  }
  stream.end();
  await reading;
  return { weights, seams, ...(visemes.length > 0 && { visemes }) };
}

/** Of all children of this process (Linux: read from /proc; elsewhere NaN). */
function childrenCpuS(): number {
  try {
    const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    const ticks = pids.map((pid) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return ticks.reduce((sum, count) => sum + count, 0) / 100; // the kernel counts hundredths of a second
  } catch {
    return Number.NaN;
  }
}
