import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Cluster, noCluster, PAGES } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { type Visit, visit, type Welcome } from '../support/visit.ts';

/** An answer of Redis' that comes later than a door waits for it is made up for by the node's own bucket. */
const LATE_ANSWERS = 3;

const NEVER = '0.01';

/** Comes so many times one after the other, leaving at once; how many were let in, and who refused the others. */
async function comeAndGo(times: number, who: Visit): Promise<{ in: number; refused: Welcome[] }> {
  const welcomes: Welcome[] = [];
  for (let time = 0; time < times; time += 1) {
    const welcome = await visit(who);
    if (welcome.outcome === 'in') {
      welcome.socket.close();
      await new Promise((resolve) => welcome.socket.once('close', resolve));
    }
    welcomes.push(welcome);
  }
  const refused = welcomes.filter(({ outcome }) => outcome !== 'in');
  return { in: times - refused.length, refused };
}

/** How many conversations a node has begun. */
function opened(cluster: Cluster, which: 1 | 2): number {
  return cluster.node(which).output().split('session opened').length - 1;
}

function isRefusal(welcome: Welcome, code: string): boolean {
  return (
    welcome.outcome === 'refused' &&
    welcome.code === code &&
    welcome.closed === 1013 &&
    welcome.retryAfterMs > 0
  );
}

test('a token of one node is good on the other, and only for its page', {
  skip: noCluster,
}, async (context) => {
  const cluster = await Cluster.start(context);
  const token = await cluster.token(PAGES[0], 1);
  const { ws: url } = cluster.node(2);
  const welcome = await visit({ url, origin: PAGES[0], token });
  assert.equal(welcome.outcome, 'in');
  if (welcome.outcome === 'in') welcome.socket.close();
  const elsewhere = await visit({ url, origin: PAGES[1], token });
  assert.ok(elsewhere.outcome === 'refused' && elsewhere.closed === 1008);
});

test('a page, and an address, has one budget for both nodes', { skip: noCluster }, async (context) => {
  const cluster = await Cluster.start(context, {
    RATE_LIMIT_ORIGIN_BURST: '20',
    RATE_LIMIT_ORIGIN_PER_SECOND: NEVER,
    RATE_LIMIT_ADDRESS_BURST: '14',
    RATE_LIMIT_ADDRESS_PER_SECOND: NEVER,
  });
  const { url, haproxy } = cluster;
  const { ca } = haproxy;
  const first = { url, ca, origin: PAGES[0], token: await cluster.token(PAGES[0]) };
  const near = await comeAndGo(12, { ...first, from: '127.0.0.11' });
  const far = await comeAndGo(12, { ...first, from: '127.0.0.12' });
  const ofPage = near.in + far.in;
  assert.ok(ofPage >= 20 && ofPage <= 20 + LATE_ANSWERS, `${ofPage} of a page, two budgets would be 40`);
  assert.ok(far.refused.every((welcome) => isRefusal(welcome, 'too_many_connects')));

  const second = { url, ca, origin: PAGES[1], token: await cluster.token(PAGES[1]), from: '127.0.0.13' };
  const ofAddress = await comeAndGo(20, second);
  assert.ok(ofAddress.in >= 14 && ofAddress.in <= 14 + LATE_ANSWERS, `${ofAddress.in} of an address`);
  assert.ok(ofAddress.refused.every((welcome) => isRefusal(welcome, 'too_many_connects')));
  const total = ofPage + ofAddress.in;
  await eventually('the nodes have said so', () => opened(cluster, 1) + opened(cluster, 2) === total);
  const by = [opened(cluster, 1), opened(cluster, 2)];
  assert.ok(
    by.every((count) => count > 10),
    `both nodes let somebody in: ${by}`,
  );
  context.diagnostic(
    `let in: ${ofPage} of 20 for the page, ${ofAddress.in} of 14 for the address; by node ${by}`,
  );
});

test('a full node gets no newcomers while the other has room; with both full they are told when to come again', {
  skip: noCluster,
}, async (context) => {
  const cluster = await Cluster.start(context, { MAX_SESSIONS: '2' });
  const token = await cluster.token(PAGES[0]);
  const direct = { url: cluster.node(1).ws, origin: PAGES[0], token };
  const behind = { url: cluster.url, ca: cluster.haproxy.ca, origin: PAGES[0], token };
  await stay(context, 2, direct);
  await cluster.haproxy.noticed(1, 'DOWN');
  await stay(context, 2, behind);
  await eventually('both came to the other node', () => opened(cluster, 2) === 2);

  const atOnce = await visit(behind);
  assert.ok(isRefusal(atOnce, 'too_many_sessions'), JSON.stringify(atOnce));
  await cluster.haproxy.noticed(2, 'DOWN');
  const later = await visit(behind);
  assert.ok(isRefusal(later, 'too_many_sessions'), JSON.stringify(later));
});

/** So many come in and stay until the end of the test. */
async function stay(context: TestContext, count: number, who: Visit): Promise<void> {
  for (let visitor = 0; visitor < count; visitor += 1) {
    const welcome = await visit(who);
    assert.ok(welcome.outcome === 'in', JSON.stringify(welcome));
    context.after(() => welcome.socket.terminate());
  }
}
