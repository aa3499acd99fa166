import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clip, FPS, type Phone, SAMPLE_RATE } from '../../eval/material/clip.ts';
import { parsePhones } from '../../eval/material/synthetic.ts';
import { narrowBand, noisy } from '../../eval/material/variants.ts';
import { closures } from '../../eval/measures/closures.ts';
import { contrasts } from '../../eval/measures/contrasts.ts';
import { resemblance } from '../../eval/measures/resemblance.ts';
import { stillness } from '../../eval/measures/stillness.ts';
import { streaming } from '../../eval/measures/streaming.ts';
import { leadMs } from '../../eval/measures/timing.ts';
import { visemeAccuracy } from '../../eval/measures/viseme-accuracy.ts';
import type { Track } from '../../eval/track.ts';
import { BLENDSHAPE_INDEX, type Blendshape } from '../../src/protocol/blendshapes.ts';
import { VISEMES, type Viseme } from '../../src/protocol/visemes.ts';
import { babble, measureTone, silence, tone } from '../support/sounds.ts';

type Curves = Partial<Record<Blendshape, (frame: number) => number>>;

function track(frames: number, curves: Curves): Track {
  const weights = Array.from({ length: frames }, (_, frame) => {
    const row = new Float32Array(52);
    for (const [name, curve] of Object.entries(curves))
      row[BLENDSHAPE_INDEX[name as Blendshape]] = curve(frame);
    return row;
  });
  return { weights };
}

/** A clip of so many frames whose phones are given with the frames they take. */
function spoken(...phones: readonly (readonly [name: string, frames: number])[]): Clip {
  let frame = 0;
  const timed = phones.map(([name, frames]): Phone => {
    const start = frame / FPS;
    frame += frames;
    return { name, start, end: frame / FPS };
  });
  return { name: 'spoken', pcm: new Int16Array((frame * SAMPLE_RATE) / FPS), phones: timed };
}

test('lips that meet at p and nowhere else have recall and precision 1, a still mouth has neither', () => {
  const clip = spoken(['aa', 10], ['p', 3], ['aa', 10], ['t', 3], ['aa', 10]);
  const meeting = track(36, { jawOpen: (frame) => (frame >= 10 && frame < 13 ? 0 : 0.5) });
  assert.deepEqual(closures([clip], [meeting]), { recall: 1, precision: 1 });
  const still = track(36, { jawOpen: () => 0.5 });
  assert.deepEqual(closures([clip], [still]), { recall: 0, precision: 0 });
  const atT = track(36, { jawOpen: (frame) => (frame >= 23 && frame < 26 ? 0 : 0.5) });
  assert.deepEqual(closures([clip], [atT]), { recall: 0, precision: 0 });
});

test('closing in a pause or at f counts for neither recall nor precision', () => {
  const clip = spoken(['pau', 10], ['aa', 10], ['b', 3], ['aa', 10], ['f', 4], ['aa', 10]);
  const closed = (frame: number) => frame < 9 || (frame >= 20 && frame < 23) || (frame >= 33 && frame < 37);
  assert.deepEqual(closures([clip], [track(47, { jawOpen: (frame) => (closed(frame) ? 0 : 0.5) })]), {
    recall: 1,
    precision: 1,
  });
});

test('a face that is the reference resembles it wholly; one that is moved in time does at its best lag', () => {
  const wave = (frame: number) => 0.3 + 0.2 * Math.sin(frame / 3) + 0.05 * Math.sin(frame * 1.3);
  const all = (shift: number): Curves =>
    Object.fromEntries(Object.keys(BLENDSHAPE_INDEX).map((name) => [name, (frame) => wave(frame + shift)]));
  const clip = {
    name: 'x',
    pcm: new Int16Array((200 * SAMPLE_RATE) / FPS),
    reference: track(200, all(0)).weights,
  };
  assert.ok(resemblance([clip], [track(200, all(0))]).mouth > 0.999);
  const late = resemblance([clip], [track(200, all(-4))]);
  assert.ok(late.mouth < 0.6 && late.mouthAtBestLag > 0.95);
  assert.equal(resemblance([clip], [track(200, {})]).mouth, 0);
});

test('a mouth two frames ahead of the loudness leads by 67 ms, one behind is late', () => {
  const pcm = babble(SAMPLE_RATE, 6);
  const clip = { name: 'babble', pcm };
  const opening = (ahead: number) =>
    track(180, { jawOpen: (frame) => Math.sin((Math.PI * 4 * (frame + 0.5 + ahead)) / FPS) ** 2 });
  for (const ahead of [2, 0, -2]) {
    const found = leadMs([clip], [opening(ahead)]);
    assert.ok(Math.abs(found - (ahead * 1000) / FPS) < 8, `${ahead} frames: ${found} ms`);
  }
});

test('only the middle of silence counts as silence', () => {
  const speech = babble(SAMPLE_RATE, 1);
  const pcm = new Int16Array(SAMPLE_RATE * 3);
  pcm.set(speech);
  pcm.set(speech, 2 * SAMPLE_RATE);
  const moving = (frame: number) => (frame >= 34 && frame < 58 ? 0.2 : 0.9);
  assert.equal(stillness([{ name: 'x', pcm }], [track(90, { jawOpen: moving })]).change, 0);
  const { aperture } = stillness([{ name: 'x', pcm }], [track(90, { jawOpen: moving })]);
  assert.ok(Math.abs(aperture - 0.2) < 1e-6);
});

test('contrasts are the distance of means in units of the spread', () => {
  const clip = spoken(['aa', 4], ['p', 4], ['aa', 4], ['p', 4], ['iy', 4], ['uw', 4]);
  const jaw = (frame: number) => [0.5, 0.1, 0.7, 0.3][Math.floor(frame / 4)] ?? 0;
  const { openOverClosed } = contrasts([clip], [track(24, { jawOpen: jaw })]);
  assert.ok(Math.abs(openOverClosed - 4) < 1e-4, `${openOverClosed}`);
});

test('frames with the right viseme are counted, however late all of them are', () => {
  const clip = spoken(['aa', 10], ['s', 10], ['uw', 10], ['pau', 10]);
  const order: readonly Viseme[] = ['aa', 'SS', 'U', 'sil'];
  const visemes = Array.from({ length: 40 }, (_, frame) => {
    const row = new Float32Array(15);
    row[VISEMES.indexOf(order[Math.max(0, Math.floor((frame - 3) / 10))] ?? 'sil')] = 1;
    return row;
  });
  assert.equal(visemeAccuracy([clip], [{ weights: [], visemes }]), 1);
  assert.equal(visemeAccuracy([clip], [{ weights: [] }]), undefined);
});

test('a jump at a seam shows, and a face in pieces that is the whole one is wholly like it', () => {
  const wave = (frame: number) => 0.3 + 0.2 * Math.sin(frame / 4);
  const smooth = track(120, { jawOpen: wave });
  const jumping = track(120, { jawOpen: (frame) => wave(frame) + (frame >= 60 ? 0.3 : 0) });
  assert.ok(streaming([{ ...jumping, seams: [60] }], [smooth]).seamRatio > 2);
  const none = streaming([{ ...smooth, seams: [20, 37, 54, 71, 88] }], [smooth]);
  assert.ok(none.seamRatio < 1.5 && none.likeWhole > 0.999);
});

test('the synthesiser’s phones are read with their times', () => {
  assert.deepEqual(parsePhones('pau:0.2 m:0.26 ay:0.4 '), [
    { name: 'pau', start: 0, end: 0.2 },
    { name: 'm', start: 0.2, end: 0.26 },
    { name: 'ay', start: 0.26, end: 0.4 },
  ]);
});

test('variants have the noise and the band they are named for', () => {
  const low = tone({ hz: 500, sampleRate: SAMPLE_RATE, seconds: 1, amplitude: 0.2 });
  const high = tone({ hz: 6000, sampleRate: SAMPLE_RATE, seconds: 1, amplitude: 0.2 });
  const power = (pcm: Int16Array) => pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;
  const added = noisy({ name: 'x', pcm: low }, 10).pcm.map((sample, index) => sample - (low[index] ?? 0));
  const snrDb = 10 * Math.log10(power(low) / power(added));
  assert.ok(Math.abs(snrDb - 10) < 0.3, `${snrDb} dB`);
  assert.ok(measureTone(narrowBand({ name: 'x', pcm: high }).pcm, 6000, SAMPLE_RATE).amplitude < 0.002);
  assert.ok(measureTone(narrowBand({ name: 'x', pcm: low }).pcm, 500, SAMPLE_RATE).amplitude > 0.19);
  assert.equal(narrowBand({ name: 'x', pcm: silence(SAMPLE_RATE, 1) }).pcm.length, SAMPLE_RATE);
});
