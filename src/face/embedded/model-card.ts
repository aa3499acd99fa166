import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { VISEMES } from '../../protocol/visemes.ts';
import { unusable } from '../engine/model-file.ts';

const cardSchema = z.object({
  /** Hz it listens at. */
  sampleRate: z.number().int().min(8000).max(48_000),
  fps: z.literal(30),
  /** How much of a frame's future it hears, in milliseconds. */
  lookaheadMs: z.number().min(0).max(200),
  /** The columns of its output `features`. */
  featureNames: z.array(z.string().min(1)).min(1),
  /** The columns of its output `visemes`. */
  visemeNames: z.array(z.string()),
});

/** What the file beside the embedded model says of it, as far as this server needs to know. */
export type ModelCard = z.output<typeof cardSchema>;

/**
 * Reads the card of the embedded model.
 *
 * @throws InferenceError (`model_unusable`) in one line.
 */
export function readModelCard(path: string): ModelCard {
  const parsed = cardSchema.safeParse(readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(`${path}: ${issue?.path.join('.') || 'file'}: ${issue?.message}`, parsed.error);
  }
  if (parsed.data.visemeNames.join() !== VISEMES.join())
    throw unusable(`${path}: visemeNames: expected ${VISEMES.join(' ')}`);
  return parsed.data;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unusable(`${path}: ${(cause as Error).message}`, cause);
  }
}
