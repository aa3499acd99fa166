import '../../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeWav } from '../../../src/audio/wav.ts';
import type { Recording } from '../../../web/developer/recording.ts';
import { FRAME_SAMPLES, RATE, recordingOf, soundOf } from './said.ts';

const { readRecording, writeRecording } = await import('../../../web/developer/recording-file.ts');
const { recordedTurns } = await import('../../../web/developer/recorded-turns.ts');
const { Recorder } = await import('../../../web/developer/recorder.ts');
const { MOST_RECORDED_MS } = await import('../../../web/developer/recording.ts');
const { wavOf } = await import('../../../web/developer/wav.ts');

const START = {
  nowMs: 1000,
  date: new Date(0),
  inputSampleRate: RATE,
  outputSampleRate: RATE,
  running: undefined,
};

describe('a recorder', () => {
  it('keeps what goes over the wire with its time, but for pings, and what was heard', () => {
    const recorder = new Recorder(START);
    recorder.add('sent', '{"type":"text","data":"Hello"}', 1010.5);
    recorder.add('sent', '{"type":"ping"}', 1011);
    recorder.add('received', new ArrayBuffer(2), 1012);
    recorder.heard('a', 1020);
    recorder.heard('a', 1053);
    recorder.note({ kind: 'cut', turnId: 'a', heardMs: 40 }, 1060);
    const { recordedAt, durationMs, messages, events } = recorder.recording(1100);
    assert.deepEqual([recordedAt, durationMs], ['1970-01-01T00:00:00.000Z', 100]);
    assert.deepEqual(messages, [{ atMs: 10.5, direction: 'sent', data: '{"type":"text","data":"Hello"}' }]);
    assert.deepEqual(events, [
      { atMs: 20, kind: 'first_sound', turnId: 'a' },
      { atMs: 60, kind: 'cut', turnId: 'a', heardMs: 40 },
    ]);
  });

  it('begins with the beginning of the answer that is running, so that its rest can be played', () => {
    const running = JSON.stringify({ type: 'audio_start', turnId: 'a', sampleRate: RATE });
    const recorder = new Recorder({ ...START, running });
    recorder.add(
      'received',
      JSON.stringify({ type: 'sync_frame', turnId: 'a', frameIndex: 70, audio: 'AAAA' }),
      1001,
    );
    assert.deepEqual(
      recordedTurns(recorder.recording(1002)).map(({ turnId, frames }) => [turnId, frames.length]),
      [['a', 1]],
    );
  });

  it('is full after ten minutes', () => {
    const recorder = new Recorder(START);
    const atMs = START.nowMs + MOST_RECORDED_MS;
    assert.equal(recorder.full(atMs - 1), false);
    assert.equal(recorder.full(atMs), true);
    recorder.add('received', '{"type":"error"}', atMs);
    assert.deepEqual(recorder.recording(atMs + 5000).messages, []);
    assert.equal(recorder.recording(atMs + 5000).durationMs, MOST_RECORDED_MS);
  });
});

describe('the file of a recording', () => {
  /** Recordings of whatever text, in which at least one answer is found. */
  const recordings: fc.Arbitrary<Recording> = fc
    .record({
      frames: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
      others: fc.array(
        fc.record({ data: fc.oneof(fc.string(), fc.json()), direction: fc.constantFrom('sent', 'received') }),
      ),
      events: fc.array(fc.string()),
      inputSampleRate: fc.integer({ min: 3000, max: 384_000 }),
    })
    .filter(({ frames }) => frames.some((count) => count > 0))
    .map(({ frames, others, events, inputSampleRate }) => {
      const said = recordingOf(frames);
      const more = others.map(({ data, direction }) => ({ atMs: said.durationMs, direction, data }));
      const notes = events.map((turnId, atMs) => ({ atMs, kind: 'underrun', turnId }) as const);
      return { ...said, inputSampleRate, messages: [...said.messages, ...more], events: notes };
    });

  it('gives back exactly what was recorded', () => {
    fc.assert(
      fc.property(recordings, (recording) => {
        assert.deepEqual(readRecording(writeRecording(recording)), { kind: 'recording', recording });
      }),
    );
  });

  it('holds the weights of each frame and the words, for whoever reads it', () => {
    const file = JSON.parse(writeRecording(recordingOf([3]))) as {
      weightNames: string[];
      turns: {
        frames: { weights: number[]; offsetMs: number; samples: number }[];
        words: { text: string }[];
      }[];
    };
    const jaw = file.weightNames.indexOf('jawOpen');
    assert.equal(file.weightNames.length, 52);
    assert.deepEqual(
      file.turns[0]?.frames.map(({ weights, offsetMs, samples }) => [
        weights[jaw],
        Math.round(offsetMs),
        samples,
      ]),
      [
        [0, 0, FRAME_SAMPLES],
        [0.001, 33, FRAME_SAMPLES],
        [0.002, 67, FRAME_SAMPLES],
      ],
    );
    assert.deepEqual(file.turns[0]?.words, [{ text: 'Hello', startMs: 0, endMs: 60 }]);
  });

  it('says what is wrong with any other file', () => {
    const good = JSON.parse(writeRecording(recordingOf([2]))) as Record<string, unknown> & {
      messages: object[];
    };
    const file = (change: object) => readRecording(JSON.stringify({ ...good, ...change }));
    const wrong = (problem: string) => ({ kind: 'problem', problem });
    assert.deepEqual(readRecording(''), wrong('not_json'));
    assert.deepEqual(readRecording('[1, 2'), wrong('not_json'));
    assert.deepEqual(readRecording('['.repeat(200_000)), wrong('not_json'));
    assert.deepEqual(readRecording('null'), wrong('not_a_recording'));
    assert.deepEqual(file({ format: 'another' }), wrong('not_a_recording'));
    assert.deepEqual(file({ version: 2 }), wrong('other_version'));
    assert.deepEqual(file({ meta: null }), wrong('damaged'));
    assert.deepEqual(file({ messages: good.messages.toReversed() }), wrong('damaged'));
    assert.deepEqual(file({ messages: [{ atMs: -1, direction: 'sent', data: '' }] }), wrong('damaged'));
    assert.deepEqual(file({ messages: [{ atMs: 1e9, direction: 'sent', data: '' }] }), wrong('damaged'));
    assert.deepEqual(file({ messages: [{ atMs: 1, direction: 'up', data: '' }] }), wrong('damaged'));
    assert.deepEqual(file({ messages: [{ atMs: 1, direction: 'sent', data: {} }] }), wrong('damaged'));
    assert.deepEqual(file({ events: [{ atMs: 1, kind: 'cut', turnId: 'a' }] }), wrong('damaged'));
    assert.deepEqual(file({ messages: [] }), wrong('empty'));
    assert.deepEqual(file({ messages: Array(100_001).fill(good.messages[0]) }), wrong('too_large'));
  });

  it('never throws, however hostile it is', () => {
    const value = fc.anything({ withNullPrototype: true });
    const message = fc.record({
      atMs: fc.oneof(fc.nat(1000), value),
      direction: fc.constantFrom('sent', 'received', 'x'),
      data: fc.oneof(fc.json(), value),
    });
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          format: fc.constantFrom('avatar-chat-recording', 'x'),
          version: fc.constantFrom(1, 2),
          meta: fc.oneof(
            value,
            fc.record({ recordedAt: fc.constant('2026-01-01'), durationMs: value, inputSampleRate: value }),
          ),
          messages: fc.oneof(value, fc.array(message)),
          events: fc.oneof(value, fc.array(value), fc.constant([])),
        })
        .map((file) =>
          JSON.stringify(file, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)),
        ),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        assert.ok(['recording', 'problem'].includes(readRecording(text).kind));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the sound of a recording', () => {
  it('is every sample the server sent, once and in order', () => {
    const { sampleRate, pcm } = decodeWav(wavOf(recordedTurns(recordingOf([3, 2]))));
    const sent = [soundOf(0, 0), soundOf(0, 1), soundOf(0, 2), soundOf(1, 0), soundOf(1, 1)];
    assert.equal(sampleRate, RATE);
    assert.deepEqual(
      [...pcm],
      sent.flatMap((sound) => [...sound]),
    );
  });

  it('has each frame in its place, though they came twice and out of order', () => {
    const { messages, ...rest } = recordingOf([4]);
    const [text, start, word, first, second, third, ...others] = messages;
    const order = [text, start, word, second, first, first, third, ...others].filter(
      (message) => message !== undefined,
    );
    const { pcm } = decodeWav(wavOf(recordedTurns({ ...rest, messages: order })));
    assert.deepEqual(pcm, decodeWav(wavOf(recordedTurns(recordingOf([4])))).pcm);
  });

  it('has answers of another rate at the first one’s', () => {
    const [turn] = recordedTurns(recordingOf([30]));
    assert.ok(turn);
    const slower = { ...turn, turnId: 'slower', sampleRate: RATE / 2 };
    const { pcm } = decodeWav(wavOf([turn, slower]));
    assert.equal(pcm.length, 3 * 30 * FRAME_SAMPLES);
  });
});
