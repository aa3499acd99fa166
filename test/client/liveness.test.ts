import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Liveness } from '../../client/src/link/liveness.ts';

const EVERY_MS = 5000;

describe('whether the other side is there', () => {
  let liveness: Liveness;
  /** The line: bytes given to it and bytes gone out; whether it takes a ping; pings and deaths counted. */
  let line: { given: number; gone: number; takes: boolean; pings: number; deaths: number };

  beforeEach((t) => {
    assert.ok('mock' in t);
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    line = { given: 0, gone: 0, takes: true, pings: 0, deaths: 0 };
    liveness = new Liveness(EVERY_MS, {
      ping: () => {
        if (line.takes) line.pings += 1;
        return line.takes;
      },
      traffic: () => line,
      onDead: () => {
        line.deaths += 1;
      },
    });
    liveness.start();
  });
  afterEach((t) => {
    liveness.stop();
    assert.ok('mock' in t);
    t.mock.timers.reset();
  });

  it('is asked now and then, and believed as long as anything is heard', (t) => {
    for (let round = 0; round < 4; round += 1) {
      t.mock.timers.tick(EVERY_MS);
      liveness.heard();
    }
    assert.deepEqual([line.pings, line.deaths], [4, 0]);
  });

  it('is not where nothing is heard in time, though all was sent', (t) => {
    t.mock.timers.tick(EVERY_MS);
    line.given = 50_000; // sound goes on into the void: the system takes some of it
    line.gone = 50_000;
    t.mock.timers.tick(EVERY_MS);
    assert.equal(line.deaths, 1);
  });

  for (const takes of [true, false]) {
    it(`is while what stands before a ping goes out, however slowly (the ping was ${takes ? '' : 'not '}sent)`, (t) => {
      line = { ...line, given: 900_000, takes };
      for (let round = 0; round < 6; round += 1) {
        t.mock.timers.tick(EVERY_MS);
        line.gone += 100_000;
      }
      assert.equal(line.deaths, 0);
      line.takes = true;
      line.gone = 900_000;
      t.mock.timers.tick(EVERY_MS);
      assert.equal(line.deaths, 0, 'now the ping has gone out');
      assert.ok(line.pings > 0);
      t.mock.timers.tick(2 * EVERY_MS);
      assert.equal(line.deaths, 1, 'and was not answered');
    });
  }

  it('is not where what was to be sent stands still', (t) => {
    line = { ...line, given: 900_000, gone: 100_000, takes: false };
    for (let round = 0; round < 2; round += 1) t.mock.timers.tick(EVERY_MS);
    assert.equal(line.deaths, 1);
  });
});
