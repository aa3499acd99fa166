import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { BLENDSHAPES, type Blendshape } from '../../protocol/blendshapes.ts';

/** The readouts that come with the server: the style of the product's avatars, and that of generic ARKit rigs. */
export const READOUTS = ['lam', 'arkit'] as const;

const number = z.number().min(-10).max(10);

const channelSchema = z.strictObject({
  /** The weight of a face that does nothing. */
  bias: number.default(0),
  /** By feature, what a whole one of it adds. */
  terms: z.record(z.string(), number),
});

const readoutSchema = z.strictObject({
  name: z.string().min(1).max(100),
  about: z.string().max(2000).default(''),
  /** By one of the 52 names; without Left or Right it means both sides. */
  channels: z.record(z.string(), channelSchema),
});

/** How features become weights: weight = bias + the sum of terms · features, kept within 0..1. What is not named stays 0. */
export type Readout = z.output<typeof readoutSchema>;

/**
 * Reads a readout's file.
 *
 * @throws ConfigError naming all that is wrong with it, a line each.
 */
export function readReadout(path: string): Readout {
  const parsed = readoutSchema.safeParse(readJson(path));
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map(
        ({ path: at, message }) => `FACE_READOUT: ${path}: ${at.join('.') || 'file'}: ${message}`,
      ),
    );
  const unknown = Object.keys(parsed.data.channels).filter((name) => columnsOf(name).length === 0);
  if (unknown.length > 0)
    throw new ConfigError(
      unknown.map((name) => `FACE_READOUT: ${path}: channels.${name}: not one of the 52 blendshapes`),
    );
  return parsed.data;
}

/** The columns a channel's name means: itself, or both sides. */
export function columnsOf(name: string): readonly number[] {
  return [name, `${name}Left`, `${name}Right`]
    .map((candidate) => BLENDSHAPES.indexOf(candidate as Blendshape))
    .filter((column) => column >= 0);
}

/**
 * Turns one frame's features, in the order of the names it was made with, into its 52 weights, which it writes into
 * `weights`.
 */
export type ReadoutFunction = (features: Float32Array, weights: Float32Array) => void;

/**
 * Makes a readout ready for a model's features.
 *
 * @param path names it in what is thrown.
 * @throws ConfigError naming the terms that are no features of this model.
 */
export function compileReadout(
  readout: Readout,
  featureNames: readonly string[],
  path: string,
): ReadoutFunction {
  const problems: string[] = [];
  const channels = Object.entries(readout.channels).flatMap(([name, { bias, terms }]) => {
    const compiled = Object.entries(terms).map(([feature, amount]) => {
      const at = featureNames.indexOf(feature);
      if (at < 0) problems.push(unknownFeature(path, name, feature, featureNames));
      return { at, amount };
    });
    return columnsOf(name).map((column) => ({ column, bias, terms: compiled }));
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return (features, weights) => {
    for (const { column, bias, terms } of channels) {
      let weight = bias;
      for (const { at, amount } of terms) weight += amount * (features[at] as number);
      weights[column] = Math.max(0, Math.min(1, weight));
    }
  };
}

function unknownFeature(
  path: string,
  channel: string,
  feature: string,
  featureNames: readonly string[],
): string {
  return `FACE_READOUT: ${path}: channels.${channel}.terms.${feature}: no feature of the model (${featureNames.join(', ')})`;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError([`FACE_READOUT: ${path}: ${(error as Error).message}`]);
  }
}
