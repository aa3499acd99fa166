import { ScriptedAgent } from '../../../src/agents/scripted/scripted-agent.ts';
import { frameStart } from '../../../src/audio/pcm.ts';
import type { FaceAnimator, FaceFrame, FaceStream, OpenFace } from '../../../src/face/animator.ts';
import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX } from '../../../src/protocol/blendshapes.ts';

/** What is said and shown is known beforehand, sample by sample and frame by frame. */
export const SAMPLE_RATE = 24_000;
export const FRAMES_PER_SECOND = 30;
export const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;

/** The jaw opens and closes, the brows rise and fall a quarter later: together they tell where in a period a picture is. */
const PERIOD = 16;
const JAW = [0.05, 0.41] as const;
const BROWS = [0.1, 0.9] as const;

/** Noise in which no stretch is like another: each of its samples can be told from all others. Never 0. */
export function knownSound(frames: number): Int16Array {
  let state = 20_251_125;
  return Int16Array.from({ length: frames * SAMPLES_PER_FRAME }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 19 || 1;
  });
}

/** The jaw and the brows at a place of the answer, in frames; between frames as a page mixes them. */
export function scored(place: number): { readonly jaw: number; readonly brows: number } {
  const at = (frame: number) => ({
    jaw: between(JAW, triangle(frame / PERIOD)),
    brows: between(BROWS, triangle(frame / PERIOD - 0.25)),
  });
  const [from, to] = [at(Math.floor(place)), at(Math.floor(place) + 1)];
  const share = place - Math.floor(place);
  return {
    jaw: from.jaw + share * (to.jaw - from.jaw),
    brows: from.brows + share * (to.brows - from.brows),
  };
}

function triangle(turns: number): number {
  const part = turns - Math.floor(turns);
  return part < 0.5 ? 2 * part : 2 - 2 * part;
}

function between([from, to]: readonly [from: number, to: number], share: number): number {
  return from + share * (to - from);
}

/** Says `seconds` of the known sound when that number is typed. It delivers as providers do: at once. */
export function scoreAgent(): ScriptedAgent {
  return new ScriptedAgent({
    outputRate: SAMPLE_RATE,
    onText: (text, session) => {
      const turnId = crypto.randomUUID();
      session.emit({ type: 'turn_started', turnId });
      session.emit({ type: 'audio', turnId, pcm: knownSound(Number(text) * FRAMES_PER_SECOND) });
      session.emit({ type: 'turn_ended', turnId });
    },
  });
}

/** The face that belongs to it. */
export function scoreAnimator(): FaceAnimator {
  return { name: 'score', fps: FRAMES_PER_SECOND, open, close: () => Promise.resolve() };
}

function open({ sampleRate, signal }: OpenFace): FaceStream {
  let samples = 0;
  let ended = false;
  let wake = (): void => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  const frameAt = (index: number): FaceFrame => {
    const weights = new Float32Array(BLENDSHAPE_COUNT);
    const { jaw, brows } = scored(index);
    weights[BLENDSHAPE_INDEX.jawOpen] = jaw;
    weights[BLENDSHAPE_INDEX.browInnerUp] = brows;
    return { index, weights };
  };
  async function* frames(): AsyncGenerator<FaceFrame, void> {
    for (let index = 0; !signal.aborted; ) {
      if (frameStart(index + 1, sampleRate, FRAMES_PER_SECOND) <= samples) {
        yield frameAt(index);
        index += 1;
      } else if (ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    push: (pcm) => {
      samples += pcm.length;
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    frames: frames(),
  };
}
