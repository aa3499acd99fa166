import { toDbfs } from '../../audio/pcm.ts';
import { BLENDSHAPE_INDEX, restWeights } from '../../protocol/blendshapes.ts';
import type { BandLevels } from './band-levels.ts';

/** What the sound says about the mouth, each 0..1. */
export interface MouthShape {
  /** How far the lips are apart. */
  readonly open: number;
  /** How low the jaw is, of what `open` allows. */
  readonly jaw: number;
  /** Rounded as in o and u. */
  readonly round: number;
  /** Spread as in ee. */
  readonly spread: number;
  /** Teeth together as in s. */
  readonly hiss: number;
}

/** The mouth of silence. */
export const CLOSED_MOUTH: MouthShape = { open: 0, jaw: 0, round: 0, spread: 0, hiss: 0 };

/** Below this (dBFS) the mouth is closed, however quiet the speaker. */
const SILENCE_DBFS = -50;

/** From this far below the speaker's own loudness (dB) the mouth opens, over the next {@link OPENING_SPAN_DB}. */
const OPENING_BELOW_LOUDEST_DB = 30;
const OPENING_SPAN_DB = 24;

/** The speaker's loudness before anything was heard (dBFS), its least, and how fast it is forgotten (dB a frame). */
const FIRST_LOUDEST_DBFS = -20;
const LEAST_LOUDEST_DBFS = -38;
const FORGET_DB_PER_FRAME = 0.1;

/**
 * Reads the mouth off the levels, relative to the speaker's own loudness, so that a quiet voice opens it as far as a
 * loud one.
 *
 * @returns a function from the next frame's levels to its mouth.
 */
export function mouthReader(): (levels: BandLevels) => MouthShape {
  let loudestDbfs = FIRST_LOUDEST_DBFS;
  return (levels) => {
    const wholeDbfs = toDbfs(levels.whole);
    loudestDbfs = Math.max(wholeDbfs, LEAST_LOUDEST_DBFS, loudestDbfs - FORGET_DB_PER_FRAME);
    const aboveThreshold = wholeDbfs - Math.max(SILENCE_DBFS, loudestDbfs - OPENING_BELOW_LOUDEST_DB);
    const open = ramp(aboveThreshold, 0, OPENING_SPAN_DB);
    if (open === 0) return CLOSED_MOUTH;

    // Rounded vowels have their second formant low, spread ones high: the tilt between the two bands tells them apart.
    const tiltDb = toDbfs(levels.back) - toDbfs(levels.front);
    const hiss = open * ramp(toDbfs(levels.hiss) - toDbfs(levels.first), 0, 14);
    const voiced = open - hiss;
    return {
      open,
      jaw: Math.max(0, voiced) * ramp(tiltDb, -8, 10),
      round: Math.max(0, voiced) * ramp(tiltDb, 3, 14),
      spread: Math.max(0, voiced) * ramp(-tiltDb, -2, 12),
      hiss,
    };
  };
}

/** Weighted sum of two mouths. */
export function mixMouths(a: MouthShape, b: MouthShape, shareOfB: number): MouthShape {
  const mix = (from: number, to: number) => from + (to - from) * shareOfB;
  return {
    open: mix(a.open, b.open),
    jaw: mix(a.jaw, b.jaw),
    round: mix(a.round, b.round),
    spread: mix(a.spread, b.spread),
    hiss: mix(a.hiss, b.hiss),
  };
}

/**
 * The 52 weights of a mouth, in the style of the product's avatars (identity 11 of the full-size model): the jaw moves
 * little, the lower lip does the opening. Amounts aim at that style's means and 95th percentiles.
 */
export function mouthWeights(mouth: MouthShape): Float32Array {
  const { open, jaw, round, spread, hiss } = mouth;
  const weights = restWeights();
  const set = (name: keyof typeof BLENDSHAPE_INDEX, weight: number) => {
    weights[BLENDSHAPE_INDEX[name]] = weight;
  };
  const setBoth = (
    left: keyof typeof BLENDSHAPE_INDEX,
    right: keyof typeof BLENDSHAPE_INDEX,
    weight: number,
  ) => {
    set(left, weight);
    set(right, weight);
  };
  set('jawOpen', 0.02 + 0.05 * open + 0.18 * jaw * (1 - 0.5 * round));
  setBoth('mouthLowerDownLeft', 'mouthLowerDownRight', 0.46 * open * (1 - 0.35 * round));
  setBoth('mouthUpperUpLeft', 'mouthUpperUpRight', 0.2 * open * (1 - 0.5 * round));
  set('mouthPucker', 0.04 * open + 0.34 * round);
  set('mouthFunnel', 0.14 * round + 0.06 * hiss);
  setBoth('mouthStretchLeft', 'mouthStretchRight', 0.03 * open + 0.1 * spread + 0.04 * hiss);
  set('mouthShrugUpper', 0.16 * open + 0.1 * hiss);
  setBoth('mouthSmileLeft', 'mouthSmileRight', 0.2 * (1 - 0.6 * round) + 0.06 * spread);
  setBoth('noseSneerLeft', 'noseSneerRight', 0.03 * open);
  return weights;
}

/** 0 below `from`, 1 above `to`, straight between. */
function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
