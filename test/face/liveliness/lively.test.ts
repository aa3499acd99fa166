import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatPcm } from '../../../src/audio/pcm.ts';
import type { FaceAnimator, FaceFrame } from '../../../src/face/animator.ts';
import {
  LIVELY_DEFAULTS,
  LIVELY_GROUPS,
  type LivelyGroup,
  lively,
} from '../../../src/face/liveliness/lively.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { BLENDSHAPE_INDEX, BLENDSHAPES, type Blendshape } from '../../../src/protocol/blendshapes.ts';
import { animate, curveOf } from '../../support/faces.ts';
import { babble, cutRandomly, seededRandom, silence } from '../../support/sounds.ts';

const RATE = 8000;

/** Ten minutes of speech-like sound: phrases of two to five seconds with pauses, loudness wandering from word to word. */
function tenMinutes(): Int16Array {
  const random = seededRandom(9);
  const pieces: Int16Array[] = [];
  const word = babble(RATE, 0.5);
  for (let seconds = 0; seconds < 600; ) {
    const words = 4 + Math.floor(random() * 7);
    for (let spoken = 0; spoken < words; spoken += 1) {
      const loudness = 0.3 + 0.7 * random();
      pieces.push(word.map((sample) => sample * loudness));
    }
    const pause = 0.2 + 0.6 * random();
    pieces.push(silence(RATE, pause));
    seconds += words / 2 + pause;
  }
  return concatPcm(pieces).subarray(0, 600 * RATE);
}

const SPEECH = tenMinutes();

/** An animator whose face never moves: what moves is liveliness. */
function still(face: Partial<Record<Blendshape, number>> = {}): FaceAnimator {
  return {
    ...loudnessAnimator(),
    open: (options) => {
      const stream = loudnessAnimator().open(options);
      async function* frames(): AsyncGenerator<FaceFrame, void> {
        for await (const { index } of stream.frames) {
          const weights = new Float32Array(52);
          for (const [name, weight] of Object.entries(face))
            weights[BLENDSHAPE_INDEX[name as Blendshape]] = weight;
          yield { index, weights };
        }
      }
      return { push: (pcm) => stream.push(pcm), end: () => stream.end(), frames: frames() };
    },
  };
}

function face(groups: readonly LivelyGroup[], animator = still(), pcm = SPEECH, seed = 1) {
  return animate(lively(animator, { ...LIVELY_DEFAULTS, groups: new Set(groups), seed }), [pcm], RATE);
}

/** Frames at which a curve rises through a level. */
function risesThrough(curve: readonly number[], level: number): number[] {
  return curve.flatMap((value, index) => (value >= level && (curve[index - 1] ?? 0) < level ? [index] : []));
}

const MOVED_BY: Readonly<Record<LivelyGroup, readonly string[]>> = {
  blink: ['eyeBlink', 'cheekSquint', 'browDown'],
  brow: ['browInnerUp', 'browOuterUp'],
  squint: ['eyeSquint'],
  smile: ['mouthSmile'],
  asymmetry: ['Right'],
  gaze: ['eyeLook'],
};

test('eyes blink 15 to 30 times a minute, not like clockwork, sometimes twice, each blink the same on both sides', async () => {
  const frames = await face(['blink']);
  const lids = curveOf(frames, 'eyeBlinkLeft');
  assert.deepEqual(lids, curveOf(frames, 'eyeBlinkRight'));
  const blinks = risesThrough(lids, 0.35).filter((frame) => (lids[frame - 1] ?? 0) < 0.3);
  assert.ok(blinks.length >= 150 && blinks.length <= 300, `${blinks.length / 10} a minute`);
  const gaps = blinks.slice(1).map((frame, index) => (frame - (blinks[index] ?? 0)) / 30);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(deviation / mean > 0.35 && deviation / mean < 0.9, `variation ${deviation / mean}`);
  assert.ok(Math.min(...gaps) >= 0.29 && Math.max(...gaps) <= 8.1);
  const double = gaps.filter((gap) => gap < 0.6).length / gaps.length;
  assert.ok(double > 0.03 && double < 0.2, `${double} double`);
  const [first = 0] = blinks;
  const shown = lids.slice(first, first + 8).map((weight) => Number(weight.toFixed(2)));
  assert.deepEqual(shown, [0.4, 0.92, 0.92, 0.85, 0.38, 0.13, 0.02, 0]);
});

test('brows lift on stress, at most once in four seconds, softly', async () => {
  const brows = curveOf(await face(['brow']), 'browInnerUp');
  const lifts = risesThrough(brows, 0.08);
  assert.ok(lifts.length > 30 && lifts.length <= 150, `${lifts.length / 10} a minute`);
  for (const [index, frame] of lifts.entries()) {
    assert.ok(index === 0 || frame - (lifts[index - 1] ?? 0) >= 115, `lifts at ${frame}`);
  }
  assert.ok(Math.max(...brows) <= 0.4);
  for (let index = 1; index < brows.length; index += 1) {
    assert.ok(Math.abs((brows[index] ?? 0) - (brows[index - 1] ?? 0)) < 0.08);
  }
});

test('brows stay down where nobody speaks', async () => {
  const brows = curveOf(await face(['brow'], still(), silence(RATE, 30)), 'browInnerUp');
  assert.ok(Math.max(...brows) <= 0.03);
});

test('the smile lies at its baseline, gives way to round lips, and takes no smile away', async () => {
  const pcm = silence(RATE, 60);
  const plain = curveOf(await face(['smile'], still(), pcm), 'mouthSmileLeft');
  assert.ok(Math.min(...plain) >= 0.1 && Math.max(...plain) <= 0.2);
  assert.ok(Math.max(...plain) - Math.min(...plain) > 0.01, 'it stands still');
  const round = curveOf(await face(['smile'], still({ mouthPucker: 0.4 }), pcm), 'mouthSmileLeft');
  assert.ok(Math.max(...round) === 0);
  const broad = curveOf(await face(['smile'], still({ mouthSmileLeft: 0.5 }), pcm), 'mouthSmileLeft');
  assert.ok(broad.every((weight) => weight === 0.5));
});

test('a smile narrows the eyes', async () => {
  const pcm = silence(RATE, 1);
  const eyes = async (smile: number) =>
    curveOf(
      await face(['squint'], still({ mouthSmileLeft: smile, mouthSmileRight: smile }), pcm),
      'eyeSquintLeft',
    )[0];
  assert.equal((await eyes(0))?.toFixed(3), '0.060');
  assert.equal((await eyes(0.2))?.toFixed(3), '0.090');
});

test('the right side moves a little less than the left, by a share that wanders slowly', async () => {
  const frames = await face(
    ['asymmetry'],
    still({ mouthSmileLeft: 0.5, mouthSmileRight: 0.5, jawOpen: 0.3 }),
  );
  const shares = frames.map(
    ({ weights }) =>
      (weights[BLENDSHAPE_INDEX.mouthSmileRight] ?? 0) / (weights[BLENDSHAPE_INDEX.mouthSmileLeft] ?? 0),
  );
  assert.ok(Math.min(...shares) >= 0.919 && Math.max(...shares) <= 0.971);
  assert.ok(Math.max(...shares) - Math.min(...shares) > 0.03);
  assert.ok(
    shares.every((share, index) => index === 0 || Math.abs(share - (shares[index - 1] ?? 0)) < 0.002),
  );
  assert.ok(curveOf(frames, 'jawOpen').every((weight) => weight === Math.fround(0.3)));
});

test('eyes look at the listener most of the time, and both the same way', async () => {
  const frames = await face(['gaze']);
  const out = curveOf(frames, 'eyeLookOutLeft');
  assert.deepEqual(out, curveOf(frames, 'eyeLookInRight'));
  const away = frames.filter(({ weights }) => weights.some((weight) => weight > 0.03)).length / frames.length;
  assert.ok(away > 0.1 && away < 0.5, `${away} of the time away`);
  assert.ok(Math.max(...out) <= 10 / 30 + 1e-6);
});

test('a group moves its own channels only; with none on, the face is untouched bit for bit', async () => {
  const pcm = SPEECH.subarray(0, 60 * RATE);
  const plain = await animate(loudnessAnimator(), [pcm], RATE);
  const untouched = loudnessAnimator();
  assert.equal(lively(untouched, { ...LIVELY_DEFAULTS, groups: new Set() }), untouched);
  for (const group of LIVELY_GROUPS) {
    const frames = await face([group], loudnessAnimator(), pcm);
    for (const name of BLENDSHAPES) {
      if (MOVED_BY[group].some((part) => name.includes(part))) continue;
      assert.deepEqual(curveOf(frames, name), curveOf(plain, name), `${group} moved ${name}`);
    }
    assert.ok(frames.every(({ weights }) => weights.every((weight) => weight >= 0 && weight <= 1)));
  }
});

test('the same seed gives the same face however the sound is cut; another seed and another turn give another', async () => {
  const pcm = SPEECH.subarray(0, 20 * RATE);
  const settings = { ...LIVELY_DEFAULTS, groups: new Set(LIVELY_GROUPS) };
  const animator = lively(loudnessAnimator(), settings);
  const first = await animate(animator, [pcm], RATE);
  const second = await animate(animator, [pcm], RATE);
  const cut = await animate(
    lively(loudnessAnimator(), settings),
    cutRandomly(pcm, 3000, seededRandom(2)),
    RATE,
  );
  assert.deepEqual(cut, first);
  assert.notDeepEqual(second, first);
  assert.notDeepEqual(
    await animate(lively(loudnessAnimator(), { ...settings, seed: 2 }), [pcm], RATE),
    first,
  );
});

test('by default what the widget overwrites stays untouched', () => {
  assert.deepEqual([...LIVELY_DEFAULTS.groups].sort(), ['asymmetry', 'brow', 'smile', 'squint']);
});
