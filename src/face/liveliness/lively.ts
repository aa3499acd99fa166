import type { FaceAnimator, FaceFrame, OpenFace } from '../animator.ts';
import { eachFrame, type FrameLayer } from '../each-frame.ts';
import { asymmetry } from './asymmetry.ts';
import { Blinks } from './blinks.ts';
import { Brows } from './brows.ts';
import { FrameLoudness } from './frame-loudness.ts';
import { Gaze } from './gaze.ts';
import { seededRandom } from './seeded-random.ts';
import { smiling, squint } from './smile.ts';
import { SpeechRhythm } from './speech-rhythm.ts';

/** What can be brought to life, each by itself. */
export const LIVELY_GROUPS = ['blink', 'brow', 'squint', 'smile', 'asymmetry', 'gaze'] as const;

/** One of the groups. */
export type LivelyGroup = (typeof LIVELY_GROUPS)[number];

/** How lively faces are. */
export interface LivelySettings {
  /** What is on; the channels of all else stay untouched, bit for bit. */
  readonly groups: ReadonlySet<LivelyGroup>;
  /** The smile under speech, 0..1. */
  readonly smile: number;
  /** Any whole number: the same seed gives the same faces, turn by turn in the order in which they open. */
  readonly seed: number;
}

/** All but what the widget does by itself: it overwrites eyeBlink and eyeLook. */
export const LIVELY_DEFAULTS: LivelySettings = Object.freeze({
  groups: new Set<LivelyGroup>(['brow', 'squint', 'smile', 'asymmetry']),
  smile: 0.15,
  seed: 1,
});

/** Spreads the turns' seeds (2^32 / golden ratio), and within a turn those of the groups. */
const TURN_STRIDE = 0x9e_37_79_b9;
const GROUP_STRIDE = 0x85_eb_ca_6b;

/**
 * An animator whose faces are alive above the mouth: the models leave brows, eyes and smile at rest. A layer of its own
 * over whoever animates; hears the same sound, costs next to nothing, adds no delay. With no group on it is the animator
 * itself.
 */
export function lively(animator: FaceAnimator, settings: LivelySettings): FaceAnimator {
  if (settings.groups.size === 0) return animator;
  let turns = 0;
  return eachFrame(animator, ({ sampleRate }: OpenFace) => {
    turns += 1;
    const seed = settings.seed + Math.imul(turns, TURN_STRIDE);
    return liveliness({ settings, seed, sampleRate, fps: animator.fps });
  });
}

interface TurnLiveliness {
  readonly settings: LivelySettings;
  readonly seed: number;
  readonly sampleRate: number;
  readonly fps: number;
}

function liveliness({ settings, seed, sampleRate, fps }: TurnLiveliness): FrameLayer {
  const loudness = new FrameLoudness(sampleRate, fps);
  const rhythm = new SpeechRhythm(fps);
  const on = (group: LivelyGroup) => settings.groups.has(group);
  // A seed of its own for each group: switching one off leaves the others as they were.
  const randomOf = (group: LivelyGroup) =>
    seededRandom(seed + Math.imul(LIVELY_GROUPS.indexOf(group) + 1, GROUP_STRIDE));
  const blinks = on('blink') ? new Blinks(randomOf('blink'), fps) : undefined;
  const brows = on('brow') ? new Brows(randomOf('brow')) : undefined;
  const gaze = on('gaze') ? new Gaze(randomOf('gaze')) : undefined;
  const smile = on('smile') ? smiling(randomOf('smile'), settings.smile) : undefined;
  const unmirror = on('asymmetry') ? asymmetry(randomOf('asymmetry')) : undefined;
  return {
    sound: (pcm) => loudness.push(pcm),
    end: () => loudness.end(),
    frame: ({ index, weights }: FaceFrame) => {
      const timeS = index / fps;
      const moment = rhythm.next(loudness.take(index));
      smile?.(weights, timeS);
      if (on('squint')) squint(weights);
      brows?.apply(weights, timeS, moment);
      blinks?.apply(weights, timeS, moment);
      gaze?.apply(weights, timeS, moment);
      unmirror?.(weights, timeS);
    },
  };
}
