import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineFigures } from '../../src/metrics/engine-metrics.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import { type Family, metricValue, parseExposition } from '../support/exposition.ts';

const ENGINE: EngineFigures = {
  windowMs: { p50: 100, p95: 250 },
  waiting: 1,
  oldestWaitMs: 500,
  windows: 10,
  hopFrames: 40,
  deadlineMisses: 2,
  restarts: 3,
  utilisation: 0.5,
  breakerOpen: false,
  frames: { model: 400, opening: 10, late: 3, failed: 2, declined: 1 },
};

async function everyMetric(use: (metrics: Metrics) => void = () => undefined): Promise<Family[]> {
  const metrics = createMetrics({
    sessions: () => 3,
    speaking: () => 2,
    face: () => 'loudness',
    engine: () => ENGINE,
  });
  use(metrics);
  const text = await metrics.text();
  metrics.close();
  return parseExposition(text);
}

test('every metric has a help text and a type, and is there once', async () => {
  const families = await everyMetric();
  for (const { name, help, type, samples } of families) {
    assert.ok(help.length >= 10, name);
    assert.match(type, /^(counter|gauge|histogram)$/, name);
    assert.ok(samples.length > 0 || !name.startsWith('avatar_'), name);
  }
  const names = families.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('names are of one kind: avatar_, small letters, base units, _total for counters only', async () => {
  const own = (await everyMetric()).filter(({ name }) => name.startsWith('avatar_'));
  assert.ok(own.length >= 25);
  for (const { name, type } of own) {
    assert.match(name, /^avatar_[a-z0-9]+(_[a-z0-9]+)*$/);
    assert.doesNotMatch(
      name,
      /(^|_)(ms|milliseconds|minutes|hours|days|kib|mib|kilobytes|percent|micros|gauge|counter|histogram)(_|$)/,
    );
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(count|sum|bucket|info)$/);
    if (type === 'histogram') assert.match(name, /_seconds$/);
  }
});

test('labels have small letters, few values each, and none that names a conversation', async () => {
  const own = (await everyMetric()).filter(({ name }) => name.startsWith('avatar_'));
  for (const { name, type, samples } of own) {
    const values = new Map<string, Set<string>>();
    for (const { labels } of samples) {
      for (const [label, value] of Object.entries(labels)) {
        values.set(label, (values.get(label) ?? new Set()).add(value));
      }
    }
    for (const [label, seen] of values) {
      assert.match(label, /^[a-z]+(_[a-z]+)*$/);
      assert.doesNotMatch(label, /id$|origin|address|session|turn|user/);
      assert.ok(seen.size <= 40, `${name}{${label}} has ${seen.size} values`);
      if (label === 'le') assert.equal(type, 'histogram');
      assert.notEqual(label, 'quantile');
    }
    assert.ok(samples.length <= 120, `${name} has ${samples.length} series`);
  }
});

test('whatever happens, no series is added to those of the start', async () => {
  const series = (families: readonly Family[]) =>
    families
      .filter(({ name }) => name.startsWith('avatar_'))
      .flatMap(({ samples }) => samples.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`));
  const busy = await everyMetric(({ observer }) => {
    for (const code of [1000, 1006, 1008, 1013, 3999, 4001, 4999]) observer.closed(code);
    observer.refused('too_many_sessions');
    observer.refused('not a code of ours' as never);
    const observe = observer.session({ sessionId: 'a', requestId: 'b' });
    const pcm = new Int16Array(800);
    observe({ type: 'heard', pcm, sampleRate: 24_000 });
    observe({ type: 'frame', pcm, timing: 'late', face: 'missing' });
    observe({ type: 'underrun' });
    observe({ type: 'barge_in', by: 'speech', tookMs: 1 });
    observe({ type: 'fault', code: 'internal' });
    observe({ type: 'agent_opening', reason: 'retry' });
    observe({ type: 'agent_opened', reason: 'first', tookMs: 120 });
    observe({ type: 'agent_failed', code: 'agent_lost', retryable: true, opened: true });
    observe({ type: 'tool_over', name: 'any', startedAtMs: 0, endedAtMs: 100, failed: true });
    observe({ type: 'session_over' });
  });
  assert.deepEqual(series(busy), series(await everyMetric()));
});

test('what is counted is what was told', async () => {
  const families = await everyMetric(({ observer }) => {
    const observe = observer.session({ sessionId: 'a', requestId: undefined });
    const pcm = new Int16Array(800);
    for (let count = 0; count < 3; count += 1)
      observe({ type: 'frame', pcm, timing: 'on_time', face: 'animated' });
    observe({ type: 'frame', pcm, timing: 'dry', face: 'filler' });
    const turn = {
      turnId: 'turn_1',
      question: { kind: 'speech', atMs: 1000 },
      firstSoundAtMs: 1800,
      firstFrameAtMs: 1810,
    } as const;
    observe({ type: 'turn_began', turn });
    observe({
      type: 'turn_over',
      turn: {
        ...turn,
        end: 'interrupted',
        lastFrameAtMs: 3000,
        endedAtMs: 3000,
        frames: 4,
        lateFrames: 0,
        dryFrames: 1,
        fillers: 1,
        missingFaces: 0,
      },
    });
    observer.closed(4999);
    observer.closed(1013);
  });
  const value = (name: string, labels = {}) => metricValue(families, name, labels);
  assert.equal(value('avatar_sessions'), 3);
  assert.equal(value('avatar_sessions_speaking'), 2);
  assert.equal(value('avatar_sessions_opened_total'), 1);
  assert.equal(value('avatar_frames_total', { timing: 'on_time', face: 'animated' }), 3);
  assert.equal(value('avatar_frames_total', { timing: 'dry', face: 'filler' }), 1);
  assert.equal(value('avatar_turns_total', { end: 'interrupted' }), 1);
  assert.equal(value('avatar_first_frame_seconds_sum', { from: 'speech' }), 0.81);
  assert.equal(value('avatar_agent_wait_seconds_sum', { from: 'speech' }), 0.8);
  assert.equal(value('avatar_frame_wait_seconds_bucket', { from: 'speech', le: '0.01' }), 1);
  assert.equal(value('avatar_closes_total', { code: 'other' }), 1);
  assert.equal(value('avatar_closes_total', { code: '1013' }), 1);
  assert.equal(value('avatar_face_window_p95_seconds'), 0.25);
  assert.equal(value('avatar_face_oldest_wait_seconds'), 0.5);
  assert.equal(value('avatar_face_frames_total', { by: 'declined' }), 1);
});
