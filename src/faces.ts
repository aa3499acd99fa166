import type { Config } from './config/config.ts';
import { InferenceError } from './errors.ts';
import type { FaceAnimator } from './face/animator.ts';
import { bridged, type ServedBy } from './face/engine/bridge.ts';
import { engineAnimator } from './face/engine/engine-animator.ts';
import { withGains } from './face/engine/gains.ts';
import { type InferencePool, startInferencePool } from './face/engine/inference-pool.ts';
import { lively } from './face/liveliness/lively.ts';
import { loudnessAnimator } from './face/loudness/loudness-animator.ts';
import type { Logger } from './log.ts';
import type { EngineFigures } from './metrics/engine-metrics.ts';
import type { Clock } from './time/clock.ts';

/** Beyond this share of the processes' time, an answer that begins gets the plainer face. */
const FULL_UTILISATION = 0.8;

/** The face a server moves: the best that can be had, with the plainer one behind it. */
export interface Faces {
  /** Undefined where the face is switched off. */
  readonly animator: FaceAnimator | undefined;
  /** Which is live now, and which better one rests after repeated failures. */
  now(): { readonly live: string; readonly resting?: string };
  /** What the face engine says of itself; undefined where it is not live. */
  readonly figures: (() => EngineFigures) | undefined;
  /** Ends the animator and its processes. */
  close(): Promise<void>;
}

/** What faces are made with. */
export interface FaceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Makes the face the settings ask for. A model that cannot be used costs a line in the log, not the server: the next
 * face is taken. Takes seconds where a large model is loaded.
 */
export async function createFaces(parts: FaceParts): Promise<Faces> {
  const { config, log } = parts;
  if (config.FACE_ENGINE === 'off') {
    log.info('face off: sound goes out alone, as audio_chunk');
    return {
      animator: undefined,
      now: () => ({ live: 'off' }),
      figures: undefined,
      close: () => Promise.resolve(),
    };
  }
  const pool = config.FACE_ENGINE === 'loudness' ? undefined : await startEngine(parts);
  return pool === undefined ? loudnessFaces(config) : engineFaces(pool, parts);
}

async function startEngine({ config, clock, log }: FaceParts): Promise<InferencePool | undefined> {
  try {
    return await startInferencePool({
      modelPath: config.ONNX_MODEL_PATH,
      sampleRate: config.WAV2ARKIT_SAMPLE_RATE,
      identity: config.FACE_IDENTITY,
      processes: config.FACE_PROCESSES,
      threads: config.FACE_THREADS,
      variables: config.surroundings,
      clock,
      onNotice: (line) => log.info(`face: ${line}`),
    });
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    // That there is no model is the normal case, unless it was asked for.
    log[config.FACE_ENGINE === 'auto' ? 'info' : 'warn'](`face loudness, because ${error.message}`);
    return undefined;
  }
}

function loudnessFaces(config: Config): Faces {
  const animator = finished(loudnessAnimator(), config);
  return {
    animator,
    now: () => ({ live: 'loudness' }),
    figures: undefined,
    close: () => animator.close(),
  };
}

function engineFaces(pool: InferencePool, { config, clock }: FaceParts): Faces {
  const served: Record<ServedBy, number> = { primary: 0, opening: 0, late: 0, failed: 0, declined: 0 };
  const engine = engineAnimator({
    inference: pool,
    clock,
    settings: {
      hopMs: Math.min(2000, Math.max(100, config.AUDIO_CHUNK_DURATION * 1000)),
      holdBackFrames: config.FACE_HOLD_BACK_FRAMES,
      silenceDbfs: config.FACE_SILENCE_DBFS,
      smoothing: config.FACE_SMOOTHING,
      symmetry: config.FACE_SYMMETRY,
      closureSharpening: config.FACE_CLOSURE_SHARPENING,
    },
  });
  const bridge = bridged(engine, loudnessAnimator(), {
    clock,
    admits: () => pool.ready && (!config.FACE_ADMISSION || pool.stats.utilisation < FULL_UTILISATION),
    firstFrameMs: () => pool.windowMs.p50,
    onServed: (by) => {
      served[by] += 1;
    },
  });
  const animator = finished(bridge, config);
  return {
    animator,
    now: () => (pool.ready ? { live: engine.name } : { live: 'loudness', resting: engine.name }),
    figures: () => {
      const { waiting, oldestWaitMs, runs, deadlineMisses, restarts, breaker, utilisation } = pool.stats;
      const { primary, ...byFallback } = served;
      return {
        windowMs: pool.windowMs,
        waiting,
        oldestWaitMs,
        windows: runs,
        hopFrames: runs === 0 ? 0 : primary / runs,
        deadlineMisses,
        restarts,
        utilisation,
        breakerOpen: breaker !== 'closed',
        frames: { model: primary, ...byFallback },
      };
    },
    close: async () => {
      await animator.close();
      await pool.close();
    },
  };
}

/** What is done to every face, whoever makes it. */
function finished(animator: FaceAnimator, config: Config): FaceAnimator {
  const adjusted = withGains(animator, { intensity: config.FACE_INTENSITY, gains: config.FACE_GAINS });
  return lively(adjusted, {
    groups: new Set(config.FACE_LIVELINESS),
    smile: config.FACE_SMILE,
    seed: config.FACE_SEED,
  });
}
