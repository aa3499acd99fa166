import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { chromium } from 'playwright-core';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { type RunningApp, runApp } from '../support/client.ts';

interface Operation {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema: Schema }> }>>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let running: RunningApp;
let document: Document;

before(async () => {
  running = await runApp({ DEBUG: 'true' }, { agent: new ScriptedAgent() });
  document = (await (await fetch(`${running.http}/openapi.json`)).json()) as Document;
});
after(() => running.app.close());

test('openapi.json is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document) as never);
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.equal(validator.version, '3.1');
});

test('it describes every route for visitors, and none of the pages', () => {
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/api/auth/token',
    '/health',
    '/inf',
    '/info',
    '/metrics',
    '/ready',
    '/ws',
  ]);
  for (const operations of Object.values(document.paths)) {
    for (const { summary, responses } of Object.values(operations)) {
      assert.ok(summary !== undefined && summary.length > 5);
      assert.ok(Object.keys(responses).length > 0);
    }
  }
});

test('what the routes answer has the fields and the status that it says', async () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      const response = await fetch(running.http + path, { method: method.toUpperCase() });
      const described = responses[String(response.status)];
      assert.ok(described !== undefined, `${method} ${path}: ${response.status}`);
      const [type = '', { schema } = { schema: {} as Schema }] =
        Object.entries(described.content ?? {})[0] ?? [];
      assert.ok((response.headers.get('content-type') ?? '').startsWith(type), path);
      if (type !== 'application/json') continue;
      const body = (await response.json()) as Record<string, unknown>;
      for (const field of schema.required ?? []) assert.ok(field in body, `${path}: ${field}`);
      for (const field of Object.keys(body))
        assert.ok(field in (schema.properties ?? {}), `${path}: ${field}`);
    }
  }
});

test('Redoc’s script goes out compressed, without its picture from the network, and once to each visitor', async () => {
  const url = `${running.http}/redoc/redoc.standalone.js`;
  const response = await fetch(url);
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  const script = await response.text();
  assert.ok(script.length > 500_000);
  assert.ok(!script.includes('cdn.redoc.ly'));
  const headers = { 'if-none-match': response.headers.get('etag') ?? '' };
  assert.equal((await fetch(url, { headers })).status, 304);
});

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const skip = existsSync(CHROMIUM) ? false : `no ${CHROMIUM}; CHROMIUM_PATH says where it is`;

for (const path of ['/docs', '/redoc']) {
  test(`${path} shows the API with nothing from the network and nothing on the console`, {
    skip,
  }, async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
      page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(running.http)) {
          complaints.push(`from elsewhere: ${request.url()}`);
        }
      });
      await page.goto(running.http + path, { waitUntil: 'networkidle' });
      await page.getByRole('heading', { name: 'avatar-chat-server' }).first().waitFor({ timeout: 10_000 });
      await page.getByText('/api/auth/token').first().waitFor({ timeout: 10_000 });
      assert.deepEqual(complaints, []);
      const shot = process.env['SCREENSHOTS'];
      if (shot !== undefined) await page.screenshot({ path: `${shot}${path}.png` });
    } finally {
      await browser.close();
    }
  });
}
