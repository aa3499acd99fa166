import { BLENDSHAPE_COUNT, restWeights } from '../../protocol/blendshapes.ts';
import { silentVisemes } from '../../protocol/visemes.ts';
import type { FaceFrame, Lips } from '../animator.ts';
import { closureOf } from './closure-hints.ts';
import { contactsIn } from './contacts.ts';
import type { EngineSettings } from './engine-settings.ts';
import { lipsOf, visemesOf } from './face-row.ts';
import { followLoudness } from './foreseen.ts';
import type { FrameLevels } from './frame-levels.ts';
import { LipCloser } from './lip-closing.ts';
import type { Predictions } from './seam.ts';
import { SilenceGate } from './silence-gate.ts';
import { smoothFrame } from './smoothing.ts';
import { symmetrise } from './symmetry.ts';

/** Frames of the way between rest and speech at both ends of a turn. */
const RAMP_FRAMES = 3;

/** What is known of a turn as one of its frames is finished. */
export interface FinishMoment {
  readonly predictions: Predictions;
  readonly levels: FrameLevels;
  readonly frame: number;
  /** Frames the turn has, if that is known. */
  readonly total: number | undefined;
  /** From this frame on predictions were made without their sound; left out: none was. */
  readonly heardTo?: number;
}

/** No contact. */
const NONE: Lips = { closed: 0, bitten: 0 };

/** Frames of prediction before the one being finished that are still looked at. */
export const FINISHING_PAST_FRAMES = 8;

/** Turns a turn's predictions into the faces that are shown, one after the other. One per turn. */
export class Finishing {
  readonly #settings: EngineSettings;
  readonly #gate: SilenceGate | undefined;
  readonly #closer = new LipCloser();
  readonly #lipsAt: (frame: number) => Lips | undefined;
  readonly #rest = restWeights();
  readonly #silent = silentVisemes();

  /**
   * @param lipsAt what another face knows of the lips in a frame; where it does not, closures are told from the weights
   * and the levels.
   */
  constructor(settings: EngineSettings, lipsAt: (frame: number) => Lips | undefined = () => undefined) {
    this.#settings = settings;
    this.#lipsAt = lipsAt;
    const { silenceDbfs, holdBackFrames } = settings;
    if (silenceDbfs !== undefined) this.#gate = new SilenceGate(silenceDbfs, Math.min(3, holdBackFrames));
  }

  /** The face of a frame, weights within 0..1; the caller owns it. Called once for each, in order. */
  finish({ predictions, levels, frame, total, heardTo = Number.POSITIVE_INFINITY }: FinishMoment): FaceFrame {
    const { smoothing, symmetry } = this.#settings;
    const at = (index: number) => predictions.at(index);
    const own = lipsOf(at(frame));
    const contacts = this.#contacts(predictions, levels, frame);
    const weights = new Float32Array(BLENDSHAPE_COUNT);
    weights.set(at(frame)?.subarray(0, BLENDSHAPE_COUNT) ?? this.#rest);
    // A closure of one or two frames would be smoothed away.
    if (smoothing) smoothFrame(at, frame, weights, 1 - Math.max(contacts.closed, contacts.bitten));
    if (symmetry) symmetrise(weights);
    followLoudness(weights, this.#rest, levels, frame, heardTo);
    this.#closer.close(weights, contacts);

    const fromStart = (frame + 1) / (RAMP_FRAMES + 1);
    const toEnd = total === undefined ? 1 : (total - frame) / (RAMP_FRAMES + 1);
    const open = this.#gate?.next(levels, frame) ?? 1;
    const share = Math.min(1, open, fromStart, toEnd);
    towards(weights, this.#rest, share);
    const visemes = visemesOf(at(frame))?.slice();
    if (visemes !== undefined) towards(visemes, this.#silent, share);
    return {
      index: frame,
      weights,
      ...(own && { lips: scaled(own, share) }),
      ...(visemes && { visemes }),
    };
  }

  /** How much of the lips' contacts is to be shown. */
  #contacts(predictions: Predictions, levels: FrameLevels, frame: number): Lips {
    const { closureSharpening } = this.#settings;
    if (closureSharpening === 0) return NONE;
    const at = (index: number) => predictions.at(index);
    const known = contactsIn(
      frame,
      (other) =>
        lipsOf(at(other)) ??
        this.#lipsAt(other) ??
        (at(other) && { closed: closureOf(at, levels, other), bitten: 0 }),
    );
    return scaled(known, closureSharpening);
  }
}

/** Leaves a share of what is there over what is there at rest, within 0..1. */
function towards(shown: Float32Array, rest: Float32Array, share: number): void {
  for (let column = 0; column < shown.length; column += 1) {
    const from = rest[column] as number;
    const mixed = from + ((shown[column] as number) - from) * share;
    shown[column] = Math.max(0, Math.min(1, mixed));
  }
}

function scaled({ closed, bitten }: Lips, share: number): Lips {
  return { closed: closed * share, bitten: bitten * share };
}
