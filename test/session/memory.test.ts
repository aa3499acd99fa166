import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { countingPcm, speak, startSession } from '../support/session.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use after a collection, in KiB. */
function heapKiB(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024;
}

test('a long conversation keeps nothing of its turns: 2,000 of them leave less than a kilobyte each', async () => {
  const started = await startSession();
  const converse = async (name: string, turns: number) => {
    for (let count = 0; count < turns; count += 1) {
      const turnId = `${name} ${count}`;
      speak(started.voice, turnId, countingPcm(2400));
      started.voice.emit({ type: 'text', turnId, text: 'some words of it ' });
      started.voice.emit({ type: 'turn_ended', turnId });
      await started.clock.advance(count % 3 === 0 ? 60 : 400);
      if (count % 3 === 0) started.voice.emit({ type: 'user_speaking' });
      started.transport.sent.length = 0;
      started.voice.calls.length = 0;
    }
  };
  await converse('warm-up', 1000);
  const before = heapKiB();
  await converse('turn', 2000);
  const grownKiB = heapKiB() - before;
  assert.ok(grownKiB < 2000, `${grownKiB.toFixed(0)} KiB more`);
  assert.equal(started.clock.pendingTimers, 0);
});
