import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARKIT_TABLE, faceOf, LAM_TABLE } from '../../eval/contestants/viseme-tables.ts';
import { visemeOf, visemeWithin } from '../../eval/material/phone-classes.ts';
import { syntheticSpeech } from '../../eval/material/synthetic.ts';
import { withFigures } from '../../eval/report/page.ts';
import { markdownTable } from '../../eval/report/rows.ts';
import { MOMENTS, timeOf } from '../../eval/screens/moments.ts';
import { BLENDSHAPE_INDEX } from '../../src/protocol/blendshapes.ts';
import { VISEMES } from '../../src/protocol/visemes.ts';

test('figures replace what stands between the marks, and only that', () => {
  const page = 'before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter $1';
  const written = withFigures(page, 'new $& figures');
  assert.equal(written, 'before\n<!-- figures -->\n\nnew $& figures\n\n<!-- end of figures -->\nafter $1');
  assert.equal(withFigures(written, 'new $& figures'), written);
  assert.throws(() => withFigures('no marks', ''));
});

test('a table has a line for each row, in columns of one width', () => {
  assert.deepEqual(
    markdownTable([
      ['', 'wide name'],
      ['row', '1'],
    ]).split('\n'),
    ['|     | wide name |', '| --- | --------- |', '| row | 1         |'],
  );
});

test('every viseme has a row in both tables, and a whole one opens or closes as it should', () => {
  for (const table of [LAM_TABLE, ARKIT_TABLE]) {
    assert.deepEqual(Object.keys(table.rows).sort(), [...VISEMES].sort());
    for (const row of Object.values(table.rows)) assert.equal(row.length, table.channels.length);
    const jawAt = (name: (typeof VISEMES)[number]) => {
      const visemes = new Float32Array(15);
      visemes[VISEMES.indexOf(name)] = 1;
      return faceOf(visemes, table)[BLENDSHAPE_INDEX.jawOpen] ?? Number.NaN;
    };
    assert.ok(jawAt('aa') > 0.15 && jawAt('PP') < 0.05, table.name);
  }
});

test('each phone of the synthetic voice has a viseme, and diphthongs two', async () => {
  const clips = await syntheticSpeech();
  assert.equal(clips.length, 3);
  for (const { phones = [] } of clips) for (const { name } of phones) visemeOf(name);
  assert.equal(visemeWithin('ay', 0.2), 'aa');
  assert.equal(visemeWithin('ay', 0.8), 'I');
  assert.equal(visemeWithin('m', 0.8), 'PP');
  assert.throws(() => visemeOf('qq'), RangeError);
});

test('a moment is near the middle of its phone, and one that is not there is refused', () => {
  const phones = [
    { name: 'm', start: 0, end: 0.1 },
    { name: 'aa', start: 0.1, end: 0.2 },
    { name: 'm', start: 0.2, end: 0.3 },
  ];
  const [moment] = MOMENTS;
  assert.ok(moment !== undefined);
  assert.ok(Math.abs(timeOf({ ...moment, phone: 'm', place: 1 }, phones) - 0.24) < 1e-9);
  assert.throws(() => timeOf({ ...moment, phone: 'm', place: 2 }, phones), RangeError);
});
