import { InferenceError } from '../../../src/errors.ts';
import type { Inference, ModelShape, WindowJob } from '../../../src/face/engine/inference.ts';
import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX } from '../../../src/protocol/blendshapes.ts';
import type { Clock } from '../../../src/time/clock.ts';

/** The shape of the real model. */
export const MODEL_SHAPE: ModelShape = {
  sampleRate: 16_000,
  windowSamples: 34_133,
  windowFrames: 64,
  rowWidth: BLENDSHAPE_COUNT,
  fixedWindow: false,
};

/** Frames before and after one that the fake model listens to. */
const CONTEXT_BEFORE = 7;
const CONTEXT_AFTER = 5;

/** What the fake model moves, by how much, how fast, and how far ahead of the sound (frames). */
const CHANNELS = [
  { name: 'jawOpen', gain: 1.2, width: 2, lead: 2 },
  { name: 'mouthLowerDownLeft', gain: 2, width: 1.5, lead: 1 },
  { name: 'mouthLowerDownRight', gain: 1.9, width: 1.6, lead: 1 },
  { name: 'mouthPucker', gain: 0.7, width: 3, lead: 0 },
  { name: 'mouthUpperUpLeft', gain: 0.8, width: 1, lead: 1 },
  { name: 'mouthStretchLeft', gain: 0.5, width: 2.5, lead: -1 },
] as const;

/** The names the fake model moves. */
export const MOVING = CHANNELS.map(({ name }) => name);

/** A model with structure: each channel follows the loudness of the frames around, smoothed and ahead in its own way. */
export function fakeModel(samples: Float32Array, { sampleRate }: ModelShape): Float32Array {
  const frames = Math.ceil((samples.length * 30) / sampleRate - 1e-3);
  const levels = Array.from({ length: frames }, (_, frame) => {
    const from = Math.round((frame * sampleRate) / 30);
    const to = Math.min(samples.length, Math.round(((frame + 1) * sampleRate) / 30));
    let sum = 0;
    for (let index = from; index < to; index += 1) sum += (samples[index] as number) ** 2;
    return Math.sqrt(sum / Math.max(1, to - from));
  });
  const rows = new Float32Array(frames * BLENDSHAPE_COUNT);
  for (const { name, gain, width, lead } of CHANNELS) {
    for (let frame = 0; frame < frames; frame += 1) {
      let sum = 0;
      let total = 0;
      for (let offset = -CONTEXT_BEFORE; offset <= CONTEXT_AFTER; offset += 1) {
        const share = Math.exp(-(((offset - lead) / width) ** 2));
        sum += share * (levels[frame + offset] ?? 0);
        total += share;
      }
      rows[frame * BLENDSHAPE_COUNT + BLENDSHAPE_INDEX[name]] = Math.tanh((gain * sum) / total);
    }
  }
  return rows;
}

/** How a {@link FakeInference} behaves. */
export interface FakeInferenceOptions {
  readonly clock?: Clock;
  /** Milliseconds a window takes on the clock; without a clock it is there at once. */
  readonly takesMs?: number | ((run: number) => number);
  /** What the model gives. */
  readonly model?: (samples: Float32Array, shape: ModelShape) => Float32Array;
  readonly shape?: ModelShape;
  /** Whether run number `run` (from 0) fails. */
  readonly fails?: (run: number) => boolean;
}

/** Inference by arithmetic, on a fake clock, that remembers what it was asked. */
export class FakeInference implements Inference {
  readonly shape: ModelShape;
  readonly windowMs: { readonly p50: number; readonly p95: number };
  readonly ready = true;
  /** Every job so far. */
  readonly jobs: { readonly dueAt: number; readonly atMs: number }[] = [];
  inFlight = 0;
  mostInFlight = 0;
  readonly #options: FakeInferenceOptions;

  constructor(options: FakeInferenceOptions = {}) {
    this.#options = options;
    this.shape = options.shape ?? MODEL_SHAPE;
    const typicalMs = typeof options.takesMs === 'number' ? options.takesMs : 0;
    this.windowMs = { p50: typicalMs, p95: typicalMs };
  }

  async run({ samples, dueAt, signal }: WindowJob): Promise<Float32Array> {
    const { clock, takesMs = 0, model = fakeModel, fails } = this.#options;
    const run = this.jobs.length;
    this.jobs.push({ dueAt, atMs: clock?.now() ?? 0 });
    const rows = model(samples, this.shape);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      if (clock !== undefined)
        await clock.sleep(typeof takesMs === 'number' ? takesMs : takesMs(run), signal);
    } finally {
      this.inFlight -= 1;
    }
    if (fails?.(run)) throw new InferenceError('face_failed', 'the fake fails');
    return rows;
  }
}
