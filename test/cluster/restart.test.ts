import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Cluster, noCluster, PAGES } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { Speaker } from '../support/speaker.ts';

const SPEAKERS = 6;

/** How far frames run ahead: what a client has to play while none comes. */
const LEAD_MS = 400;

/** Six clients in conversation, who are served by both nodes. */
async function speakers(context: TestContext, cluster: Cluster, seconds: number): Promise<Speaker[]> {
  const token = await cluster.token(PAGES[0]);
  const who = { url: cluster.url, ca: cluster.haproxy.ca, origin: PAGES[0], token };
  const all = Array.from({ length: SPEAKERS }, () => new Speaker(who, seconds));
  for (const speaker of all) speaker.start();
  context.after(() => Promise.all(all.map((speaker) => speaker.finish())));
  await eventually('all are answered, and their nodes have said so', () =>
    all.every(({ current }) => {
      const { sessionId } = current ?? {};
      return sessionId !== undefined && (cluster.had(1, sessionId) || cluster.had(2, sessionId));
    }),
  );
  return all;
}

test('a rolling restart while six talk: no answer is lost, not a sample of it', {
  skip: noCluster,
}, async (context) => {
  const cluster = await Cluster.start(context);
  const all = await speakers(context, cluster, 2);
  for (const which of [1, 2] as const) {
    const node = cluster.node(which);
    const stoppedAt = performance.now();
    node.process.kill('SIGTERM');
    assert.equal(await node.ended, 0);
    context.diagnostic(`node ${which} drained in ${Math.round(performance.now() - stoppedAt)} ms`);
    await cluster.haproxy.noticed(which, 'DOWN');
    await cluster.startAgain(which);
  }
  const before = all.map(({ answers }) => answers.length);
  await eventually('all are answered again', () =>
    all.every(({ answers }, index) => answers.length > (before[index] ?? 0)),
  );
  await Promise.all(all.map((speaker) => speaker.finish()));

  const answers = all.flatMap((speaker) => speaker.answers);
  assert.deepEqual(
    answers.filter(({ outcome }) => outcome !== 'whole'),
    [],
  );
  const moves = all.map(({ closes }) => closes.filter((code) => code === 1001).length);
  assert.ok(
    moves.every((count) => count >= 1),
    `each was sent to another node: ${moves}`,
  );
  const failures = all.flatMap((speaker) => speaker.failures);
  assert.deepEqual(failures, []);
  const refusals = all.flatMap((speaker) => speaker.refusals);
  assert.ok(
    refusals.every((code) => code === 'draining'),
    String(refusals),
  );
  const frames = answers.reduce((sum, { frameTimes }) => sum + frameTimes.length, 0);
  context.diagnostic(
    `${answers.length} answers, ${frames} frames, moves ${moves}, ${refusals.length} refused`,
  );
});

test('kill -9 of a node breaks its own conversations and no other, and they go on at the other node', {
  skip: noCluster,
}, async (context) => {
  const cluster = await Cluster.start(context);
  const all = await speakers(context, cluster, 4);
  const its = all.filter(({ current }) => current !== undefined && cluster.had(1, current.sessionId));
  const others = all.filter((speaker) => !its.includes(speaker));
  assert.equal(its.length, SPEAKERS / 2);
  const lost = its.map(({ current }) => current?.sessionId);
  cluster.node(1).process.kill('SIGKILL');
  const killedAt = performance.now();
  await eventually(
    'the others finish, and those who lost theirs have had an answer elsewhere',
    () =>
      [
        ...others.map(({ answers }) => answers.length >= 1),
        ...its.map(({ answers }) => answers.length >= 2),
      ].every(Boolean),
    15_000,
  );

  assert.deepEqual(
    its.map(({ answers }) => answers[0]).map((answer) => [answer?.sessionId, answer?.outcome]),
    lost.map((sessionId) => [sessionId, 'broken']),
  );
  for (const { answers } of its) {
    assert.equal(answers[1]?.outcome, 'whole');
    assert.ok(cluster.had(2, answers[1]?.sessionId ?? ''));
  }
  assert.ok(others.every(({ answers }) => answers[0]?.outcome === 'whole'));
  assert.ok(others.every(({ closes }) => closes.length === 0));
  const gaps = others.map(({ answers }) => longestGap(answers[0]?.frameTimes ?? []));
  assert.ok(Math.max(...gaps) < LEAD_MS, `longest gaps ${gaps}`);
  const back = its.map(({ answers }) => (answers[1]?.frameTimes[0] ?? Number.NaN) - killedAt);
  context.diagnostic(`longest gap of the others ${Math.max(...gaps).toFixed(0)} ms`);
  context.diagnostic(`first frame elsewhere after ${back.map((ms) => ms.toFixed(0))} ms`);
});

function longestGap(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}
