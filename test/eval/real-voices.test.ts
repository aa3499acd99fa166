import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContacts, realVoices } from '../../eval/material/real-voices.ts';

test('contacts are read as phones with their times', () => {
  assert.deepEqual(parseContacts('pau:0-0.244 m:0.367-0.4'), [
    { name: 'pau', start: 0, end: 0.244 },
    { name: 'm', start: 0.367, end: 0.4 },
  ]);
  assert.throws(() => parseContacts('m:now'), RangeError);
});

test('a real voice is there with all its times inside its sound, or it is said why not', () => {
  const { librivox, russian, missing } = realVoices();
  assert.equal(missing.length, [librivox, russian].filter((clips) => clips.length === 0).length);
  for (const { pcm, phones = [] } of [...librivox, ...russian]) {
    assert.ok(phones.length > 0);
    for (const { start, end } of phones) assert.ok(start < end && end * 16_000 <= pcm.length + 400);
  }
});
