import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decodeWav } from '../../src/audio/wav.ts';
import { type Gap, WavRecording } from '../../src/capture/wav-recording.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { eventually } from '../support/eventually.ts';
import { countingPcm } from '../support/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'recordings-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

function start(roomBytes = Number.POSITIVE_INFINITY) {
  const path = join(folder, `${files}.wav`);
  files += 1;
  const clock = new FakeClock();
  const gaps: Gap[] = [];
  let room = roomBytes;
  const recording = new WavRecording({
    path,
    sampleRate: 24_000,
    clock,
    takeRoom: (bytes) => {
      if (bytes > room) return false;
      room -= bytes;
      return true;
    },
    onGap: (gap) => gaps.push(gap),
  });
  return { path, clock, gaps, recording };
}

test('every sample is in the file, in order, and only its owner may read it', async () => {
  const { path, recording, gaps } = start();
  for (let at = 0; at < 24_000; at += 700) recording.push(countingPcm(Math.min(700, 24_000 - at), at));
  await recording.end();
  const { sampleRate, pcm } = decodeWav(readFileSync(path));
  assert.equal(sampleRate, 24_000);
  assert.deepEqual(pcm, countingPcm(24_000));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(gaps, []);
});

test('while it grows its header tells what is there: it can be played if the process dies', async () => {
  const { path, clock, recording } = start();
  for (let second = 1; second <= 3; second += 1) {
    recording.push(countingPcm(4800, (second - 1) * 4800));
    await eventually('it is written', () => {
      void clock.advance(500);
      try {
        return decodeWav(readFileSync(path)).pcm.length === second * 4800;
      } catch {
        return false; // not there yet
      }
    });
    const bytes = readFileSync(path);
    assert.equal(bytes.readUInt32LE(40), second * 9600);
    assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
  }
  await recording.end();
});

test('at its limit it ends, says so once, and is a complete file', async () => {
  const { path, recording, gaps } = start(2000);
  for (let count = 0; count < 5; count += 1) recording.push(countingPcm(400, count * 400));
  await recording.end();
  assert.deepEqual(gaps, [{ kind: 'full' }]);
  assert.deepEqual(decodeWav(readFileSync(path)).pcm, countingPcm(800));
});

test('while the disk does not answer, a megabyte waits; what is left out is told at the end', async () => {
  const { path, recording, gaps } = start();
  // All in one turn of the loop: nothing can have been written meanwhile.
  for (let count = 0; count < 30; count += 1) recording.push(countingPcm(24_000));
  await recording.end();
  const kept = decodeWav(readFileSync(path)).pcm.byteLength;
  assert.ok(kept <= 1024 * 1024 && kept > 900_000);
  assert.deepEqual(gaps, [{ kind: 'slow', bytes: 30 * 48_000 - kept }]);
});

test('a file that cannot be written is told once, and everything goes on', async () => {
  const { path, recording, gaps } = start();
  await recording.end();
  const again = new WavRecording({
    path, // it is there: nothing is overwritten
    sampleRate: 24_000,
    clock: new FakeClock(),
    takeRoom: () => true,
    onGap: (gap) => gaps.push(gap),
  });
  again.push(countingPcm(100));
  await again.end();
  again.push(countingPcm(100));
  await again.end();
  assert.deepEqual(
    gaps.map(({ kind }) => kind),
    ['failed'],
  );
  writeFileSync(path, '');
});
