import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AgentEvent } from '../../../src/agents/agent.ts';
import { type ConversationMessage, RemoteEvents } from '../../../src/agents/remote/events.ts';
import { parseAgentMessage } from '../../../src/agents/remote/messages.ts';
import { concatPcm } from '../../../src/audio/pcm.ts';

const RATE = 24_000;

function read(events: RemoteEvents, ...messages: readonly object[]): AgentEvent[] {
  return messages.flatMap((message) => {
    const parsed = parseAgentMessage(Buffer.from(JSON.stringify(message)));
    assert.ok('message' in parsed, JSON.stringify(parsed));
    return events.read(parsed.message as ConversationMessage);
  });
}

const audio = (...samples: number[]) => ({
  type: 'audio_delta',
  data: Buffer.from(Int16Array.from(samples).buffer).toString('base64'),
});

function outline(events: readonly AgentEvent[]): string[] {
  return events.map(({ type }) => type);
}

function soundOf(events: readonly AgentEvent[]): number[] {
  return [...concatPcm(events.flatMap((event) => (event.type === 'audio' ? [event.pcm] : [])))];
}

test('an answer of the reference’s protocol is one turn', () => {
  const events = read(
    new RemoteEvents(RATE),
    { type: 'response_start', session_id: 's' },
    { type: 'transcript_delta', delta: 'Hello', role: 'assistant', itemId: 'i', previousItemId: null },
    audio(1, 2),
    { type: 'response_end', transcript: 'Hello there.', itemId: 'i' },
  );
  const [start] = events;
  assert.ok(start?.type === 'turn_started');
  const { turnId } = start;
  assert.deepEqual(events, [
    { type: 'turn_started', turnId },
    { type: 'text', turnId, text: 'Hello', itemId: 'i' },
    { type: 'audio', turnId, pcm: Int16Array.of(1, 2) },
    { type: 'turn_ended', turnId, text: 'Hello there.', itemId: 'i' },
  ]);
});

test('sound that nobody announced opens a turn', () => {
  const events = new RemoteEvents(RATE);
  assert.deepEqual(outline(read(events, audio(1), audio(2))), ['turn_started', 'audio', 'audio']);
  assert.equal(events.current?.unannounced, true);
});

test('of two answers at once the first has ended when the second begins', () => {
  const events = read(
    new RemoteEvents(RATE),
    { type: 'response_start' },
    audio(1),
    { type: 'response_start' },
    audio(2),
  );
  const [a, , end, b] = events as { turnId: string }[];
  assert.deepEqual(outline(events), ['turn_started', 'audio', 'turn_ended', 'turn_started', 'audio']);
  assert.equal(end?.turnId, a?.turnId);
  assert.notEqual(a?.turnId, b?.turnId);
});

test('samples survive being cut at any byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(9), { minLength: 1 }), (bytes, sizes) => {
      const remote = new RemoteEvents(RATE);
      const events: AgentEvent[] = [];
      for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
        const size = (sizes[piece % sizes.length] ?? 0) + 1;
        events.push(...remote.hear(Buffer.from(bytes.subarray(at, at + size))));
        at += size;
      }
      const whole = bytes.slice(0, bytes.length - (bytes.length % 2));
      assert.deepEqual(soundOf(events), [...new Int16Array(whole.buffer)]);
    }),
  );
});

test('half a sample at the end of an answer does not reach the next', () => {
  const events = read(
    new RemoteEvents(RATE),
    { type: 'audio_delta', data: Buffer.from([1, 0, 9]).toString('base64') },
    { type: 'response_end' },
    audio(2),
  );
  assert.deepEqual(soundOf(events), [1, 2]);
});

test('sound at another rate is converted, to the last sample', () => {
  const remote = new RemoteEvents(RATE);
  remote.setRate(8000);
  const events = [...remote.hear(Buffer.alloc(2 * 801)), ...remote.end()];
  assert.equal(soundOf(events).length, 2403);
});

test('an answer that was interrupted swallows what is still under way of it', () => {
  const events = read(
    new RemoteEvents(RATE),
    { type: 'response_start' },
    audio(1),
    { type: 'interrupted' },
    audio(2),
    { type: 'transcript_delta', delta: 'late' },
    { type: 'response_end' },
  );
  assert.deepEqual(outline(events), [
    'turn_started',
    'audio',
    'user_speaking',
    'audio',
    'text',
    'turn_ended',
  ]);
  const ids = events.flatMap((event) => ('turnId' in event ? [event.turnId] : []));
  assert.equal(new Set(ids).size, 1);
});

test('a user who has finished speaking is told of', () => {
  assert.deepEqual(read(new RemoteEvents(RATE), { type: 'user_finished' }), [{ type: 'user_finished' }]);
});

test('words after the end of an announced answer are dropped', () => {
  const remote = new RemoteEvents(RATE);
  read(remote, { type: 'response_start' }, audio(1), { type: 'response_end' });
  assert.deepEqual(read(remote, { type: 'transcript_delta', delta: 'late' }), []);
  assert.deepEqual(read(remote, { type: 'response_end', transcript: 'late' }), []);
});

test('what the user said is told once, however often it is repeated before an answer', () => {
  const remote = new RemoteEvents(RATE);
  const said = { type: 'user_transcript', transcript: 'Yes.' };
  assert.equal(read(remote, said, said, { type: 'response_start' }, said).length, 3);
  assert.deepEqual(read(remote, { type: 'transcript_delta', delta: 'Ye', role: 'user' }), [
    { type: 'user_text', text: 'Ye', final: false },
  ]);
});

test('an error ends the answer with it, or tells of the one that never began', () => {
  const remote = new RemoteEvents(RATE);
  const [failed] = read(remote, { type: 'error', error: { message: 'no money' } });
  assert.ok(failed?.type === 'fault' && failed.error.code === 'agent_failed');
  assert.match(failed.error.message, /no money/);
  const events = read(remote, { type: 'response_start' }, audio(1), { type: 'error', error: 5 });
  assert.deepEqual(outline(events), ['turn_started', 'audio', 'turn_ended']);
});

test('an error nested deeper than can be followed is an error without a text', () => {
  const levels = 100_000;
  const error: unknown = JSON.parse(`${'{"message":'.repeat(levels)}1${'}'.repeat(levels)}`);
  const [fault] = new RemoteEvents(RATE).read({ type: 'error', error });
  assert.ok(fault?.type === 'fault');
  assert.match(fault.error.message, /without a text/);
});

test('anything at all is a message or a problem, and no event names an answer that did not begin', () => {
  const anything = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array().map(Buffer.from),
  );
  fc.assert(
    fc.property(anything, (data) => {
      const parsed = parseAgentMessage(data);
      assert.ok('message' in parsed || parsed.problem !== '');
    }),
  );
  const message = fc.oneof(
    fc.constant({ type: 'response_start' }),
    fc.constant(audio(1, 2, 3)),
    fc.constant({ type: 'transcript_delta', delta: 'a ' }),
    fc.constant({ type: 'response_end', transcript: 'a' }),
    fc.constant({ type: 'interrupted' }),
    fc.constant({ type: 'error', error: null }),
  );
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const open = new Set<string>();
      for (const event of read(new RemoteEvents(RATE), ...messages)) {
        if (event.type === 'turn_started') open.add(event.turnId);
        else if (event.type === 'turn_ended') assert.ok(open.delete(event.turnId));
        else if ('turnId' in event) assert.ok(open.has(event.turnId));
      }
      assert.ok(open.size <= 1);
    }),
  );
});

test('of what is wrong only its kind is told, never its content', () => {
  for (const [text, problem] of [
    ['{"sentinel', 'not JSON'],
    ['["sentinel"]', 'not an object with a type'],
    ['{"type":5}', 'not an object with a type'],
    ['{"type":"client_event","data":"sentinel"}', 'unknown type client_event'],
    ['{"type":"audio_delta","data":"sentinel!"}', 'audio_delta: data: expected base64'],
    ['{"type":"audio_delta","data":5}', /^audio_delta: data/],
    ['{"type":"tool_call","name":""}', /^tool_call: name/],
    [`{"type":"tool_call","name":"x","arguments":"${'a'.repeat(70_000)}"}`, /too long/],
    [`{"type":"tool_call","name":"x","arguments":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /too/],
  ] as const) {
    const parsed = parseAgentMessage(Buffer.from(text));
    assert.ok('problem' in parsed, text.slice(0, 60));
    if (typeof problem === 'string') assert.equal(parsed.problem, problem);
    else assert.match(parsed.problem, problem);
    assert.doesNotMatch(parsed.problem, /sentinel/);
  }
});
