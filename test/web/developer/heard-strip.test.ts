import '../../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BLENDSHAPES, type HeardFrame } from '../../../client/src/index.ts';

const { HeardStrip, STRIP_MS } = await import('../../../web/developer/heard-strip.ts');
const { mouthCurves } = await import('../../../web/developer/mouth-curves.ts');
const { WEIGHT_GROUPS } = await import('../../../web/developer/weight-groups.ts');
const { developerWords } = await import('../../../web/developer/words.ts');

const FRAME_MS = 40;

function frame(turnId: string, place: number, weights: HeardFrame['weights'] = {}, sample = 0): HeardFrame {
  const pcm = new Int16Array(FRAME_MS).fill(sample); // at 1 kHz, to be short
  return {
    ...{ turnId, weights, pcm, frameIndex: place, offsetMs: FRAME_MS * place },
    sampleRate: 1000,
    visemes: undefined,
    filler: false,
  };
}

describe('the strip of what was heard', () => {
  it('puts frames one after another, whatever silence was between turns', () => {
    const strip = new HeardStrip();
    for (const place of [0, 1]) strip.add(frame('a', place));
    strip.end('a', 80, false);
    strip.add(frame('b', 0));
    assert.deepEqual(
      strip.moments.map(({ turnId, startMs, lengthMs }) => [turnId, startMs, lengthMs]),
      [
        ['a', 0, 40],
        ['a', 40, 40],
        ['b', 80, 40],
      ],
    );
    assert.deepEqual(
      strip.marks.map(({ kind, atMs }) => [kind, atMs]),
      [
        ['start', 0],
        ['end', 80],
        ['start', 80],
      ],
    );
  });

  it('marks the start of a turn that is played once more', () => {
    const strip = new HeardStrip();
    for (const place of [0, 1, 0, 1]) strip.add(frame('a', place));
    assert.deepEqual(
      strip.marks.map(({ kind, atMs }) => [kind, atMs]),
      [
        ['start', 0],
        ['start', 80],
      ],
    );
  });

  it('ends where a turn was cut, in the middle of a frame', () => {
    const strip = new HeardStrip();
    for (const place of [0, 1]) strip.add(frame('a', place));
    strip.underran('a');
    strip.end('a', 55, true);
    assert.equal(strip.endMs, 55);
    assert.deepEqual(
      strip.marks.map(({ kind, atMs }) => [kind, atMs]),
      [
        ['start', 0],
        ['underrun', 80],
        ['cut', 55],
      ],
    );
    assert.equal(strip.at(50)?.offsetMs, 40);
  });

  it('keeps six seconds', () => {
    const strip = new HeardStrip();
    for (let place = 0; place < 1000; place += 1) strip.add(frame('a', place));
    assert.equal(strip.moments.length, STRIP_MS / FRAME_MS);
    assert.deepEqual(strip.marks, []);
  });

  it('knows how loud it was, and when lips were closed', () => {
    const strip = new HeardStrip();
    for (let place = 0; place < 9; place += 1) strip.add(frame('a', place, { jawOpen: 0.5 }, 16_384));
    strip.add(frame('a', 9, { jawOpen: 0.5, mouthClose: 0.9 }));
    const [first] = strip.moments;
    const last = strip.moments.at(-1);
    assert.ok(Math.abs((first?.levelDb ?? 0) + 6.02) < 0.01);
    assert.deepEqual(first?.peaks[0], { low: 0, high: 0.5 });
    assert.ok((first?.aperture ?? 0) > strip.closedBelow && (last?.aperture ?? 1) < strip.closedBelow);
  });
});

describe('the mouth’s curves', () => {
  it('open with jaw and lips, and close with mouthClose', () => {
    const curves = mouthCurves({
      jawOpen: 0.4,
      mouthLowerDownLeft: 0.2,
      mouthLowerDownRight: 0.4,
      mouthPucker: 0.6,
    });
    assert.deepEqual(curves, { aperture: 0.55, jaw: 0.4, rounding: 0.3 });
    assert.equal(mouthCurves({ mouthClose: 1 }).aperture, 0);
  });
});

describe('the groups of weights', () => {
  it('hold every shape once, left and right on one line', () => {
    const rows = [...WEIGHT_GROUPS.values()].flat();
    assert.deepEqual(rows.flatMap(({ shapes }) => shapes).toSorted(), [...BLENDSHAPES].toSorted());
    assert.deepEqual(
      rows.find(({ name }) => name === 'mouthSmile'),
      { name: 'mouthSmile', shapes: ['mouthSmileLeft', 'mouthSmileRight'] },
    );
    assert.deepEqual(
      rows.filter(({ name }) => /^(mouth|jaw)(Left|Right)$/.test(name)).map(({ shapes }) => shapes.length),
      [1, 1, 1, 1],
    );
  });
});

describe('the words', () => {
  it('are German for whoever speaks it, and English for all others', () => {
    assert.equal(developerWords('de-AT').record, 'Aufnehmen');
    for (const lang of ['en', 'fr', '', 'constructor']) assert.equal(developerWords(lang).record, 'Record');
  });
});
