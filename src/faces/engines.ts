import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import type { FaceAnimator } from '../face/animator.ts';
import { startEmbeddedFace } from '../face/embedded/embedded-face.ts';
import { engineAnimator } from '../face/engine/engine-animator.ts';
import { type InferencePool, startInferencePool } from '../face/engine/inference-pool.ts';
import { FULL_SIZE_PACE } from '../face/engine/window-pace.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time/clock.ts';

/** A model that moves faces: the animator, and the processes behind it. Whoever started it closes both. */
export interface Engine {
  readonly animator: FaceAnimator;
  readonly pool: InferencePool;
}

/** What faces are made with. */
export interface FaceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the embedded model is; left out: where the package has it. */
  readonly modelsFolder?: string;
}

/**
 * Starts the full-size model. Takes seconds.
 *
 * @throws InferenceError if it cannot be used.
 */
export async function startFullSize({ config, clock, log }: FaceParts): Promise<Engine> {
  const pool = await startInferencePool({
    modelPath: config.ONNX_MODEL_PATH,
    sampleRate: config.WAV2ARKIT_SAMPLE_RATE,
    identity: config.FACE_IDENTITY,
    processes: config.FACE_PROCESSES,
    threads: config.FACE_THREADS,
    variables: config.surroundings,
    clock,
    onNotice: (line) => log.info(`face: ${line}`),
  });
  const animator = engineAnimator({
    inference: pool,
    clock,
    settings: {
      hopMs: Math.min(2000, Math.max(100, config.AUDIO_CHUNK_DURATION * 1000)),
      pace: FULL_SIZE_PACE,
      holdBackFrames: config.FACE_HOLD_BACK_FRAMES,
      silenceDbfs: config.FACE_SILENCE_DBFS,
      smoothing: config.FACE_SMOOTHING,
      symmetry: config.FACE_SYMMETRY,
      closureSharpening: config.FACE_CLOSURE_SHARPENING,
    },
  });
  return { animator, pool };
}

/**
 * Starts the embedded model: as the face itself, or to stand in for the full-size one, which has the processes then.
 *
 * @throws ConfigError if FACE_READOUT is wrong; InferenceError if the model cannot be used.
 */
export function startEmbedded(parts: FaceParts, as: 'primary' | 'bridge'): Promise<Engine> {
  const { config, clock, log, modelsFolder = packagedModels() } = parts;
  return startEmbeddedFace({
    folder: modelsFolder,
    readout: config.FACE_READOUT,
    visemes: config.FACE_VISEMES,
    variables: config.surroundings,
    processes: as === 'primary' ? (config.FACE_PROCESSES ?? 1) : 1,
    settings: {
      silenceDbfs: config.FACE_SILENCE_DBFS,
      smoothing: config.FACE_SMOOTHING,
      symmetry: config.FACE_SYMMETRY,
      closureSharpening: config.FACE_CLOSURE_SHARPENING,
    },
    clock,
    onNotice: (line) => log.info(`embedded face: ${line}`),
  });
}

/** `models/` beside src, or, seen from a build, beside dist. */
function packagedModels(): string {
  const [beside = '', above = ''] = ['../../models', '../../../models'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return !existsSync(beside) && existsSync(above) ? above : beside;
}
