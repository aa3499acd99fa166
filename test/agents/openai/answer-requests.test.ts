import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerRequests } from '../../../src/agents/openai/answer-requests.ts';

function requests() {
  const sent: string[] = [];
  const server = { busy: false };
  const asking = new AnswerRequests({ send: (id) => void sent.push(id), busy: () => server.busy });
  return { asking, sent, server };
}

test('an answer is asked for at once while the server is free', () => {
  const { asking, sent } = requests();
  asking.want();
  assert.equal(sent.length, 1);
});

test('while the server makes an answer, the wish waits for its end, and is one however often it was wished', () => {
  const { asking, sent, server } = requests();
  server.busy = true;
  asking.want();
  asking.want();
  assert.deepEqual(sent, []);
  server.busy = false;
  asking.next();
  asking.next();
  assert.equal(sent.length, 1);
});

test('an answer that was asked for and is regretted before it begins is named when it does', () => {
  const { asking, sent, server } = requests();
  asking.want();
  asking.regret();
  asking.want();
  assert.equal(sent.length, 1, 'one at a time');
  server.busy = true;
  assert.equal(asking.begun(), true);
  server.busy = false;
  asking.next();
  assert.equal(sent.length, 2);
  assert.equal(asking.begun(), false);
});

test('refused because the server was faster, it is asked for again after the server’s own answer', () => {
  const { asking, sent, server } = requests();
  asking.want();
  server.busy = true;
  asking.refusedAsBusy();
  asking.next();
  assert.equal(sent.length, 1);
  server.busy = false;
  asking.next();
  assert.equal(sent.length, 2);
});

test('a refusal is ours only by its name, and then the wish is given up', () => {
  const { asking, sent } = requests();
  asking.want();
  assert.equal(asking.refused('another'), false);
  assert.equal(asking.refused(undefined), false);
  assert.equal(asking.refused(sent[0]), true);
  asking.next();
  assert.equal(sent.length, 1);
});
