import type { Config } from './config/config.ts';
import { InferenceError } from './errors.ts';
import type { FaceAnimator } from './face/animator.ts';
import { bridged, type ServedBy } from './face/engine/bridge.ts';
import { withGains } from './face/engine/gains.ts';
import { lively } from './face/liveliness/lively.ts';
import { loudnessAnimator } from './face/loudness/loudness-animator.ts';
import { type Engine, type FaceParts, startEmbedded, startFullSize } from './faces/engines.ts';
import type { EngineFigures } from './metrics/engine-metrics.ts';

/** Beyond this share of the processes' time, an answer that begins gets the plainer face. */
const FULL_UTILISATION = 0.8;

/** The face a server moves: the best that can be had, with plainer ones behind it. */
export interface Faces {
  /** Undefined where the face is switched off. */
  readonly animator: FaceAnimator | undefined;
  /** Which is live now, and which better one rests after repeated failures. */
  now(): { readonly live: string; readonly resting?: string };
  /** What the best model says of itself; undefined where no model is live. */
  readonly figures: (() => EngineFigures) | undefined;
  /** Ends the animator and its processes. */
  close(): Promise<void>;
}

/**
 * Makes the face the settings ask for. A model that cannot be used costs a line in the log, not the server: the next
 * face is taken. Takes seconds where a large model is loaded.
 *
 * @throws ConfigError if FACE_READOUT is wrong.
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
  return stacked(await startEngines(parts), parts);
}

/** The models that can be used, the best first. */
async function startEngines(parts: FaceParts): Promise<readonly Engine[]> {
  const { config, log } = parts;
  const engines: Engine[] = [];
  const missing: string[] = [];
  const start = async (starting: Promise<Engine>) => {
    try {
      engines.push(await starting);
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      missing.push(error.message);
    }
  };
  try {
    if (config.FACE_ENGINE === 'auto' || config.FACE_ENGINE === 'wav2arkit')
      await start(startFullSize(parts));
    if (config.FACE_ENGINE !== 'loudness')
      await start(startEmbedded(parts, engines.length > 0 ? 'bridge' : 'primary'));
  } catch (error) {
    await Promise.all(engines.map(({ pool }) => pool.close()));
    throw error;
  }
  const live = engines[0]?.animator.name ?? 'loudness';
  // That there is no full-size model is the normal case, unless it was asked for.
  const expected = config.FACE_ENGINE === 'auto' ? live !== 'loudness' : missing.length === 0;
  const because = missing.length === 0 ? '' : `, because ${missing.join(' ')}`;
  log[expected ? 'info' : 'warn'](`face ${live}${because}`);
  return engines;
}

/** Each model before the next, the loudness face behind them all. */
function stacked(engines: readonly Engine[], { config, clock }: FaceParts): Faces {
  const served: Record<ServedBy, number> = { primary: 0, opening: 0, late: 0, failed: 0, declined: 0 };
  const bridge = engines.reduceRight<FaceAnimator>((fallback, { animator, pool }, place) => {
    return bridged(animator, fallback, {
      clock,
      admits: () => pool.ready && (!config.FACE_ADMISSION || pool.stats.utilisation < FULL_UTILISATION),
      firstFrameMs: () => pool.windowMs.p50,
      onServed: (by) => {
        if (place === 0) served[by] += 1;
      },
    });
  }, loudnessAnimator());
  const animator = finished(bridge, config);
  const [best] = engines;
  return {
    animator,
    now: () => {
      const live = engines.find(({ pool }) => pool.ready)?.animator.name ?? 'loudness';
      return best === undefined || best.pool.ready ? { live } : { live, resting: best.animator.name };
    },
    figures: best && (() => figuresOf(best, served)),
    close: async () => {
      await animator.close();
      await Promise.all(engines.map(({ pool }) => pool.close()));
    },
  };
}

function figuresOf({ pool }: Engine, served: Readonly<Record<ServedBy, number>>): EngineFigures {
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
