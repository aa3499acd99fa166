import { join, resolve } from 'node:path';
import type { Clock } from '../../time/clock.ts';
import type { FaceAnimator } from '../animator.ts';
import { engineAnimator } from '../engine/engine-animator.ts';
import type { EngineSettings } from '../engine/engine-settings.ts';
import { type InferencePool, startInferencePool } from '../engine/inference-pool.ts';
import { unusable } from '../engine/model-file.ts';
import { embeddedPace } from './embedded-pace.ts';
import { featureReading } from './feature-reading.ts';
import { type ModelCard, readModelCard } from './model-card.ts';
import { compileReadout, READOUTS, readReadout } from './readout.ts';

/** What the embedded model's files are called. */
export const EMBEDDED_MODEL = 'embedded-face.onnx';
const CARD = 'embedded-face.json';
const READOUT_FOLDER = 'readouts';

/** What the embedded face is started with. */
export interface EmbeddedFaceOptions {
  /** The folder of the model, its card and the readouts. */
  readonly folder: string;
  /** One of {@link READOUTS}, or the path of a file like them. */
  readonly readout: string;
  /** Whether frames tell the visemes. */
  readonly visemes: boolean;
  /** How many processes; one carries a hundred voices. */
  readonly processes: number;
  /** All the environment they get. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** As the operator likes it; the rest follows from the model. */
  readonly settings: Pick<EngineSettings, 'silenceDbfs' | 'smoothing' | 'symmetry' | 'closureSharpening'>;
  readonly clock: Clock;
  /** As for an inference pool. */
  readonly onNotice: (line: string) => void;
}

/** The small model that comes with the server, ready to speak. */
export interface EmbeddedFace {
  /** Closing it leaves the pool open. */
  readonly animator: FaceAnimator;
  /** Whoever started the face closes it. */
  readonly pool: InferencePool;
}

/**
 * Starts the face of the embedded model: through the same pool and windows as the full-size one, but its features are
 * read out here, by a table that can be edited.
 *
 * @throws ConfigError if the readout is wrong; InferenceError (`model_unusable`, `face_failed`) if the model cannot be
 * used. No process is left then.
 */
export async function startEmbeddedFace(options: EmbeddedFaceOptions): Promise<EmbeddedFace> {
  const { folder, visemes, clock, onNotice } = options;
  const own = isBuiltIn(options.readout) ? undefined : resolve(options.readout);
  const ownReadout = own === undefined ? undefined : readReadout(own); // first, so that a mistake in it is told even where there is no model
  const card = readModelCard(join(folder, CARD));
  const path = own ?? join(folder, READOUT_FOLDER, `${options.readout}.json`);
  const readout = compileReadout(ownReadout ?? readReadout(path), card.featureNames, path);
  const pool = await startInferencePool({
    modelPath: join(folder, EMBEDDED_MODEL),
    sampleRate: card.sampleRate,
    outputs: visemes ? ['features', 'visemes'] : ['features'],
    identity: 0,
    processes: options.processes,
    threads: 1,
    variables: options.variables,
    clock,
    onNotice,
  });
  try {
    const { featureNames } = card;
    checkWidth(pool, card, visemes);
    const reading = featureReading({ featureNames, withVisemes: visemes, readout });
    const settings = { ...options.settings, ...embeddedPace(card.lookaheadMs) };
    const animator = engineAnimator({ inference: pool, clock, settings, reading }, 'embedded');
    return { animator, pool };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function isBuiltIn(readout: string): boolean {
  return (READOUTS as readonly string[]).includes(readout);
}

function checkWidth(
  { shape }: InferencePool,
  { featureNames, visemeNames }: ModelCard,
  visemes: boolean,
): void {
  const wanted = featureNames.length + (visemes ? visemeNames.length : 0);
  if (shape.rowWidth !== wanted)
    throw unusable(`${CARD} names ${wanted} columns, the model gives ${shape.rowWidth}`);
}
