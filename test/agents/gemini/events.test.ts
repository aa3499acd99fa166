import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { AgentEvent } from '../../../src/agents/agent.ts';
import { LiveEvents } from '../../../src/agents/gemini/events.ts';
import { factsOf } from '../../../src/agents/gemini/server-message.ts';
import {
  complete,
  type GeminiSteps,
  generationComplete,
  goAway,
  heard,
  interrupted,
  resumption,
  sound,
  speech,
  thought,
  toolCall,
  turnComplete,
  words,
} from '../../../src/testing/fake-gemini-steps.ts';

let events: LiveEvents;
let nowMs = 0;

beforeEach(() => {
  let turns = 0;
  nowMs = 0;
  events = new LiveEvents({
    outputRate: 24_000,
    newTurnId: () => {
      turns += 1;
      return `t${turns}`;
    },
  });
});

/** What comes of these messages, all of now, in few words. */
function read(...steps: GeminiSteps): string[] {
  return steps.flatMap((step) => {
    if (!('do' in step)) return read(...step);
    assert.equal(step.do, 'send');
    return step.do === 'send' ? events.read(factsOf(step.message), nowMs).map(brief) : [];
  });
}

function brief(event: AgentEvent): string {
  switch (event.type) {
    case 'audio':
      return `${event.turnId} ${event.pcm.length} samples`;
    case 'text':
      return `${event.turnId} "${event.text}"`;
    case 'turn_started':
      return `${event.turnId} started`;
    case 'turn_ended':
      return `${event.turnId} ended${event.text === undefined ? '' : ` "${event.text}"`}`;
    case 'tool_call':
      return `${event.turnId} calls ${event.name} ${event.callId} ${JSON.stringify(event.args)}`;
    case 'user_text':
      return `user "${event.text}" ${event.final ? 'final' : 'partial'}`;
    case 'resumable':
      return `resumable ${event.handle}`;
    default:
      return event.type;
  }
}

test('an answer begins with its first content and ends with its completion; the next has another name', () => {
  assert.deepEqual(read(speech(100), words('One.'), complete(), words('Two.'), speech(100), complete()), [
    't1 started',
    't1 2400 samples',
    't1 "One."',
    't1 ended',
    't2 started',
    't2 "Two."',
    't2 2400 samples',
    't2 ended',
  ]);
});

test('thoughts are neither heard nor shown, and begin no answer', () => {
  assert.deepEqual(read(thought('They want the menu.'), thought('So.')), []);
  assert.deepEqual(read(words('The menu'), thought('Good.'), complete()), [
    't1 started',
    't1 "The menu"',
    't1 ended',
  ]);
});

test('what the user said is told once, as a whole, before the answer', () => {
  assert.deepEqual(read(heard('What '), heard('is it'), heard('?'), speech(100), complete()), [
    'user "What is it?" final',
    't1 started',
    't1 2400 samples',
    't1 ended',
  ]);
});

test('what the user said is told at the end of the turn, should the model keep silent', () => {
  assert.deepEqual(read(heard('Just talking.'), turnComplete()), ['user "Just talking." final']);
});

test('a transcript of the user that comes again, late and whole, is not told twice', () => {
  assert.deepEqual(read(heard('Hi there'), speech(100), heard('Hi there'), complete()), [
    'user "Hi there" final',
    't1 started',
    't1 2400 samples',
    't1 ended',
  ]);
});

test('the tail of what the user said that comes during the answer is told after it', () => {
  assert.deepEqual(read(heard('What is'), speech(100), heard(' it?'), complete()), [
    'user "What is" final',
    't1 started',
    't1 2400 samples',
    't1 ended',
    'user "it?" final',
  ]);
});

test('an interruption ends the answer, and what trails it begins no other', () => {
  assert.deepEqual(read(speech(100), interrupted(), speech(100), words('trail'), turnComplete()), [
    't1 started',
    't1 2400 samples',
    'user_speaking',
    't1 ended',
  ]);
  assert.deepEqual(read(heard('No.'), speech(100)), ['user "No." final', 't2 started', 't2 2400 samples']);
});

test('the words of a barge-in are kept together, though the old turn completes between them', () => {
  assert.deepEqual(
    read(speech(100), interrupted(), heard('Wait '), turnComplete(), heard('please.'), speech(100)),
    [
      't1 started',
      't1 2400 samples',
      'user_speaking',
      't1 ended',
      'user "Wait please." final',
      't2 started',
      't2 2400 samples',
    ],
  );
});

test('an interruption that is never completed does not silence the next answer', () => {
  read(speech(100), interrupted());
  nowMs = 1500;
  assert.deepEqual(read(speech(100)), ['t2 started', 't2 2400 samples']);
});

test('a cancelled answer is silent to its own end, and the next one is heard', () => {
  read(speech(100), words('Once'));
  events.cancel('t1');
  nowMs = 5000;
  assert.deepEqual(read(speech(100), words(' upon a time'), generationComplete(), speech(100)), []);
  assert.deepEqual(read(turnComplete()), ['t1 ended']);
  assert.deepEqual(read(speech(100)), ['t2 started', 't2 2400 samples']);
});

test('cancelling an answer that is over cancels nothing', () => {
  read(speech(100), complete());
  events.cancel('t1');
  assert.deepEqual(read(speech(100)), ['t2 started', 't2 2400 samples']);
});

test('an interruption of an answer the session has cancelled is nothing new', () => {
  read(speech(100));
  events.cancel('t1');
  assert.deepEqual(read(interrupted(), turnComplete()), ['t1 ended']);
});

test('an answer that is generated ends when its last words have had their time, not when it was played', () => {
  assert.deepEqual(read(speech(100), words('Hi'), generationComplete()).slice(-1), ['t1 "Hi"']);
  assert.equal(events.endDueAt, 250);
  nowMs = 100;
  assert.deepEqual(read(words(' there')), ['t1 " there"']);
  assert.deepEqual(events.endDue(249).map(brief), []);
  assert.deepEqual(events.endDue(250).map(brief), ['t1 ended']);
  nowMs = 20_000;
  assert.deepEqual(read(words(' late'), turnComplete()), []);
});

test('a transcript that is repeated at the end replaces what was there, and is not said twice', () => {
  assert.deepEqual(read(words('Hello '), words('you.'), turnComplete('Hello you.')), [
    't1 started',
    't1 "Hello "',
    't1 "you."',
    't1 ended "Hello you."',
  ]);
  assert.deepEqual(read(words('One,'), turnComplete(' two.')).slice(1), [
    't2 "One,"',
    't2 " two."',
    't2 ended',
  ]);
});

test('words of the user after the last answer are a barge-in, for what is still being played', () => {
  read(speech(100), complete());
  nowMs = 500;
  assert.deepEqual(read(heard('tail')), [], 'too soon to be more than the tail of the question');
  events.takeUserText();
  nowMs = 4000;
  assert.deepEqual(read(heard('Hey'), heard(' you')), ['user_speaking']);
});

test('a call belongs to an answer, with its arguments as they are', () => {
  assert.deepEqual(
    read(heard('Rain?'), toolCall('c1', 'weather', { city: 'Bern' }), words('Rain.'), complete()),
    ['user "Rain?" final', 't1 started', 't1 calls weather c1 {"city":"Bern"}', 't1 "Rain."', 't1 ended'],
  );
});

test('a coming end and a handle are passed on; a handle that resumes nothing is not', () => {
  assert.deepEqual(read(goAway(), resumption('h1'), resumption()), ['expiring', 'resumable h1']);
});

test('a sample that is cut in two between messages is put together', () => {
  const pcm = Buffer.from(Int16Array.of(1000, -2000, 3000).buffer);
  const pieces = [pcm.subarray(0, 1), pcm.subarray(1, 4), pcm.subarray(4, 5), pcm.subarray(5)];
  const heardPcm = pieces
    .flatMap((piece) => {
      const step = sound(piece);
      return step.do === 'send' ? events.read(factsOf(step.message), 0) : [];
    })
    .flatMap((event) => (event.type === 'audio' ? [...event.pcm] : []));
  assert.deepEqual(heardPcm, [1000, -2000, 3000]);
});

test('fields of a wrong type are as if they were not there', () => {
  for (const message of [
    null,
    7,
    'text',
    [],
    { serverContent: 'no' },
    { serverContent: { modelTurn: { parts: 'no' } } },
    { serverContent: { modelTurn: { parts: [null, 5, { inlineData: 7 }, { inlineData: { data: 5 } }] } } },
    { serverContent: { outputTranscription: { text: 5 }, inputTranscription: [], turnComplete: 'yes' } },
    { toolCall: { functionCalls: [{ name: 5 }, null] }, toolCallCancellation: { ids: 'x' } },
    { sessionResumptionUpdate: { newHandle: 5, resumable: true }, goAway: null },
  ]) {
    assert.deepEqual(events.read(factsOf(message), 0), []);
  }
});
