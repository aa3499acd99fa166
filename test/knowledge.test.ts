import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { buildInstructions, type Knowledge, loadKnowledge, MAX_KNOWLEDGE_BYTES } from '../src/knowledge.ts';
import { silentLogger } from '../src/log.ts';
import { FakeClock } from '../src/time/fake-clock.ts';
import { eventually } from './support/eventually.ts';
import { recordedLog } from './support/recorded-log.ts';

const FIVE_MINUTES_MS = 300_000;

/** Knowledge from a source, over a clock of its own. */
async function load(source: string | undefined, signal = new AbortController().signal) {
  const clock = new FakeClock();
  const knowledge = await loadKnowledge({ source, clock, log: silentLogger(), signal });
  return { clock, knowledge };
}

/** A web server on a free port, for as long as the test runs; gives its address. */
async function serve(test: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/knowledge.md`;
}

/** A file for as long as the test runs. */
function fileWith(test: TestContext, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'knowledge-test-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'knowledge.md');
  writeFileSync(path, content);
  return path;
}

/** A refresh runs in the background, over a real file or socket. */
function textBecomes(knowledge: Knowledge, expected: string): Promise<void> {
  return eventually(`the text ${expected}`, () => knowledge.text() === expected);
}

test('without a source there is no knowledge', async () => {
  const { knowledge } = await load(undefined);
  assert.equal(knowledge.text(), '');
});

test('a file is read, without the white space and the byte order mark around it', async (t) => {
  const { knowledge } = await load(fileWith(t, '\ufeff\n# Café\n\nWe open at eight.\n\n'));
  assert.equal(knowledge.text(), '# Café\n\nWe open at eight.');
});

test('a web page is read, also when it comes in pieces that cut a letter in two', async (t) => {
  const bytes = Buffer.from('Crème brûlée is four euros.');
  const url = await serve(t, (_, response) => {
    response.write(bytes.subarray(0, 3));
    response.end(bytes.subarray(3));
  });
  const { knowledge } = await load(url);
  assert.equal(knowledge.text(), 'Crème brûlée is four euros.');
});

test('a source that is not there is survived: the knowledge is empty', async () => {
  for (const source of [
    join(tmpdir(), 'no', 'such', 'file.md'),
    tmpdir(),
    'http://127.0.0.1:1/none',
    'http://',
  ]) {
    const { knowledge } = await load(source);
    assert.equal(knowledge.text(), '', source);
  }
});

test('whatever is wrong with an address, the log does not say it', async (t) => {
  const lost = await serve(t, (_, response) => response.writeHead(302, { location: 'http://x y/' }).end());
  for (const source of [
    'https://bad host/?key=SENTINEL',
    'http:user:SENTINEL@127.0.0.1:1',
    'http://127.0.0.1:1/?key=SENTINEL',
    'https://SENTINEL@127.0.0.1:1/',
    `${lost}?key=SENTINEL`,
  ]) {
    const { log, raw } = recordedLog();
    const { signal } = new AbortController();
    const knowledge = await loadKnowledge({ source, clock: new FakeClock(), log, signal });
    assert.equal(knowledge.text(), '');
    assert.equal(raw.length, 1);
    assert.doesNotMatch(raw.join(), /SENTINEL/);
  }
});

test('a page that the server refuses is not taken for knowledge', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(404).end('Not found, says this page.'));
  const { knowledge } = await load(url);
  assert.equal(knowledge.text(), '');
});

test('knowledge of 1 MiB is taken, and more is refused, from a file and from the web', async (t) => {
  const most = Buffer.alloc(MAX_KNOWLEDGE_BYTES, 'x');
  const tooMuch = Buffer.alloc(MAX_KNOWLEDGE_BYTES + 1, 'x');
  const url = await serve(t, (request, response) =>
    response.end(request.url?.endsWith('big') ? tooMuch : most),
  );
  for (const [source, length] of [
    [fileWith(t, most), MAX_KNOWLEDGE_BYTES],
    [url, MAX_KNOWLEDGE_BYTES],
    [fileWith(t, tooMuch), 0],
    [`${url}?big`, 0],
  ] as const) {
    const { knowledge } = await load(source);
    assert.equal(knowledge.text().length, length, source);
  }
});

test('a page without an end is given up at 1 MiB', async (t) => {
  let closed = false;
  const url = await serve(t, (_, response) => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    response.on('close', () => {
      closed = true;
    });
    more();
  });
  const { knowledge } = await load(url);
  assert.equal(knowledge.text(), '');
  // The connection is not left open behind.
  await eventually('the connection is closed', () => closed);
});

test('a server that accepts and never answers does not hold up the start for ever', async (t) => {
  const url = await serve(t, () => undefined);
  const { knowledge } = await load(url);
  assert.equal(knowledge.text(), '');
});

test('the server’s own end cuts loading short', async (t) => {
  const abort = new AbortController();
  const url = await serve(t, () => abort.abort());
  const { knowledge } = await load(url, abort.signal);
  assert.equal(knowledge.text(), '');
});

test('after five minutes the next use asks the source anew, and does not wait for it', async (t) => {
  let asked = 0;
  const url = await serve(t, (_, response) => {
    asked += 1;
    response.end(`version ${asked}`);
  });
  const { clock, knowledge } = await load(url);
  await clock.advance(FIVE_MINUTES_MS - 1);
  assert.equal(knowledge.text(), 'version 1');
  await clock.advance(1);
  assert.equal(knowledge.text(), 'version 1');
  await textBecomes(knowledge, 'version 2');
  assert.equal(asked, 2);
});

test('a source that fails later leaves the old text, and is asked again after five minutes', async (t) => {
  let broken = false;
  let asked = 0;
  const url = await serve(t, (_, response) => {
    asked += 1;
    response.writeHead(broken ? 500 : 200).end(`version ${asked}`);
  });
  const { clock, knowledge } = await load(url);
  broken = true;
  await clock.advance(FIVE_MINUTES_MS);
  for (let use = 0; use < 3; use += 1) assert.equal(knowledge.text(), 'version 1');
  await eventually('the source is asked', () => asked === 2);
  broken = false;
  await clock.advance(FIVE_MINUTES_MS);
  assert.equal(knowledge.text(), 'version 1');
  await textBecomes(knowledge, 'version 3');
});

test('a file that was not there at the start is picked up later', async (t) => {
  const path = fileWith(t, '');
  rmSync(path);
  const { clock, knowledge } = await load(path);
  writeFileSync(path, 'Now it is here.');
  await clock.advance(FIVE_MINUTES_MS);
  knowledge.text();
  await textBecomes(knowledge, 'Now it is here.');
});

test('the instructions stand alone without knowledge, and hold it between marks with it', () => {
  assert.equal(buildInstructions('Be kind.', ''), 'Be kind.');
  const prompt = buildInstructions('Be kind.', 'We open at eight.');
  assert.match(prompt, /^Be kind\.\n\n### KNOWLEDGE BASE ###\n[^\n]+\nWe open at eight\.\n#+$/);
});
