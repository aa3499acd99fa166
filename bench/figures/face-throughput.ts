import { MAKERS } from '../face/face-metrics.ts';
import { FaceServer } from '../face/face-server.ts';
import { type SpeakingSeen, speaking } from '../face/speaking.ts';
import { atLeast, type Figure, type Row } from '../figure.ts';
import { cachedStandIn } from '../stand-in/cached.ts';
import { RawProcesses } from '../stand-in/raw-processes.ts';

/** Sessions that speak at once; the last are more than two cores carry. */
const RAMP = [10, 14, 16, 18, 20] as const;
const ANSWER_MS = 12_000;
const SPREAD_MS = 4000;
const LEAST_SESSIONS = 10;

/** The window that the model was built around, and the most frames of it that can be new (12 of past, 3 held back). */
const WINDOW_SAMPLES = 34_133;
const SAMPLE_RATE = 16_000;
const NEW_FRAMES = 49;
const FPS = 30;

const RAW_FOR_MS = 4000;
const LEAST_SHARE_OF_RAW = 0.85;

/** One step of the ramp. */
interface Step {
  readonly sessions: number;
  readonly seen: SpeakingSeen;
}

/** How many can speak at once with the full-size model's face, and what the server costs of the bare model's speed. */
export const faceThroughput: Figure = {
  name: 'face-throughput',
  title:
    'Sessions speaking at once with the full-size stand-in, admission off (answers of 12 s begun within 4 s)',
  run: async () => {
    const model = await cachedStandIn();
    const steps: Step[] = [];
    let processes = 0;
    {
      await using server = await FaceServer.start({ model, admission: false });
      processes = server.inferencePids().length;
      for (const sessions of RAMP) {
        const seen = await speaking(server, { sessions, answerMs: ANSWER_MS, spreadMs: SPREAD_MS });
        steps.push({ sessions, seen });
      }
    }
    const rawWindowsPerSecond = await rawSpeed(model, processes);
    return [...steps.map(stepRow), onTimeRow(steps), ...shareRows(steps, processes, rawWindowsPerSecond)];
  },
};

async function rawSpeed(model: string, count: number): Promise<number> {
  await using raw = await RawProcesses.start(model, count);
  const { soundPerSecond } = await raw.measure({ windowSamples: WINDOW_SAMPLES, forMs: RAW_FOR_MS });
  return (soundPerSecond * SAMPLE_RATE) / WINDOW_SAMPLES;
}

function stepRow({ sessions, seen: { frames, deadlineMisses, steady, answers } }: Step): Row {
  const by = MAKERS.map((maker) => `${maker} ${frames[maker]}`).join(', ');
  const fillers = answers.reduce((sum, answer) => sum + answer.fillers, 0);
  const newFrames = (steady.frames.model / steady.windows).toFixed(1);
  return {
    what: `${sessions}: frames by who made them`,
    measured:
      `${by}; deadline misses ${deadlineMisses}; frames of silence put in ${fillers}; while all spoke: ` +
      `${windowsPerSecond(steady).toFixed(1)} windows/s, ${newFrames} frames of each shown, ` +
      `busy ${(steady.utilisation * 100).toFixed(0)} %, window p50 ${steady.windowP50Ms.toFixed(0)} ms`,
  };
}

function onTimeRow(steps: readonly Step[]): Row {
  // Up to the first step that had a late frame: what comes after it does not count, even if it had none.
  const firstLate = steps.findIndex(({ seen }) => seen.frames.late + seen.frames.failed > 0);
  const onTime = steps.slice(0, firstLate < 0 ? undefined : firstLate).at(-1)?.sessions ?? 0;
  return {
    what: 'most sessions without a late frame',
    measured: `${onTime}${firstLate < 0 ? ' (all that were tried)' : ''}`,
    floor: 'the Python reference: 4, from notes on it',
    ...atLeast(onTime, LEAST_SESSIONS, `≥ ${LEAST_SESSIONS}`),
  };
}

function shareRows(steps: readonly Step[], processes: number, rawWindowsPerSecond: number): Row[] {
  const windows = Math.max(...steps.map(({ seen }) => windowsPerSecond(seen.steady)));
  const animated = Math.max(...steps.map(({ seen }) => animatedPerSecond(seen.steady)));
  const rawAnimated = (rawWindowsPerSecond * NEW_FRAMES) / FPS;
  const limit = `≥ ${LEAST_SHARE_OF_RAW * 100} %`;
  const raw = `${processes} bare processes`;
  return [
    {
      what: 'windows a second, at most, of the bare model with the same windows',
      measured: `${windows.toFixed(1)}: ${percent(windows / rawWindowsPerSecond)}`,
      floor: `${rawWindowsPerSecond.toFixed(1)} (${raw})`,
      ...atLeast(windows / rawWindowsPerSecond, LEAST_SHARE_OF_RAW, limit),
    },
    {
      what: `seconds of sound animated a second, at most, of the bare model with ${NEW_FRAMES} new frames in each window`,
      measured: `${animated.toFixed(1)}: ${percent(animated / rawAnimated)}`,
      floor: `${rawAnimated.toFixed(1)} (${raw})`,
      ...atLeast(animated / rawAnimated, LEAST_SHARE_OF_RAW, limit),
    },
  ];
}

function windowsPerSecond({ windows, seconds }: SpeakingSeen['steady']): number {
  return windows / seconds;
}

function animatedPerSecond({ frames, seconds }: SpeakingSeen['steady']): number {
  return frames.model / FPS / seconds;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
