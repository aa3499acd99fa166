import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { runApp, TestClient } from '../support/client.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { speak } from '../support/session.ts';
import { type SentSpan, startFakeCollector } from './fake-collector.ts';

const SOUND = new Int16Array(7200).fill(4000);

/** An agent that calls a tool of the page, and speaks when it has its answer. */
function agent(): ScriptedAgent {
  return new ScriptedAgent({
    onText: (_text, voice) =>
      voice.emit({
        type: 'tool_call',
        turnId: 'a',
        callId: 'call',
        name: 'trigger_confetti',
        args: { secret: 1 },
      }),
    onToolResult: (_callId, _result, voice) => {
      speak(voice, 'a', SOUND);
      voice.emit({ type: 'text', turnId: 'a', text: 'secret' });
      voice.emit({ type: 'turn_ended', turnId: 'a' });
    },
  });
}

async function converse(environment: Record<string, string>) {
  const recorded = recordedLog();
  const { app, ws } = await runApp(environment, { agent: agent() }, recorded.log);
  const client = await TestClient.connect(ws);
  client.send({ type: 'text', data: 'secret' });
  await client.until(() => client.of('audio_end').length === 1);
  const closingAt = performance.now();
  await app.close();
  return { ...recorded, client, closedInMs: performance.now() - closingAt };
}

function value(span: SentSpan | undefined, key: string): unknown {
  const found = span?.attributes.find((attribute) => attribute.key === key)?.value;
  return found === undefined ? undefined : Object.values(found)[0];
}

test('an answer is one trace: its spans follow each other, and the end of the server sends what waits', async () => {
  const collector = await startFakeCollector();
  const { client, lines } = await converse({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key, x-other=b',
    OTEL_SERVICE_NAME: 'my-avatar',
  });
  const { spans } = collector;
  await collector.close();
  assert.deepEqual(spans.map(({ name }) => name).sort(), [
    'agent.wait',
    'drain',
    'first_frame',
    'playout',
    'tool',
    'turn',
  ]);
  assert.deepEqual(collector.paths[0], '/v1/traces');
  assert.equal(collector.headers[0]?.['x-key'], 'a key');
  const named = (name: string) => spans.find((span) => span.name === name);
  const turn = named('turn');
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
  for (const span of spans) {
    if (span !== turn) assert.equal(span.parentSpanId, turn?.spanId, span.name);
    assert.ok(BigInt(span.startTimeUnixNano) >= BigInt(turn?.startTimeUnixNano ?? 0));
    assert.ok(BigInt(span.endTimeUnixNano) <= BigInt(turn?.endTimeUnixNano ?? 0));
  }
  const chain = ['agent.wait', 'first_frame', 'playout', 'drain'].map(named);
  assert.equal(chain[0]?.startTimeUnixNano, turn?.startTimeUnixNano);
  for (const [index, span] of chain.entries()) {
    const next = chain[index + 1];
    if (next !== undefined) assert.equal(span?.endTimeUnixNano, next.startTimeUnixNano);
  }
  assert.ok(Math.abs(Number(turn?.startTimeUnixNano) / 1e6 - Date.now()) < 60_000, 'times of the wall clock');
  assert.equal(value(turn, 'avatar.turn.id'), client.of('audio_start')[0]?.['turnId']);
  assert.equal(value(turn, 'session.id'), client.of('audio_start')[0]?.['sessionId']);
  assert.equal(value(turn, 'avatar.question'), 'text');
  assert.equal(value(turn, 'avatar.agent'), 'scripted');
  assert.equal(Number(value(turn, 'avatar.frames')), client.of('sync_frame').length);
  assert.equal(value(named('tool'), 'avatar.tool.name'), 'trigger_confetti');
  const service = collector.resource.find(({ key }) => key === 'service.name');
  assert.deepEqual(service?.value, { stringValue: 'my-avatar' });
  assert.doesNotMatch(JSON.stringify(spans), /secret/);
  assert.ok(lines().every(({ level }) => Number(level) < 50));
});

test('a collector that is down, or refuses, costs a line in the log, and the server ends all the same', async () => {
  const collector = await startFakeCollector(400);
  const refused = await converse({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/somewhere` });
  await collector.close();
  assert.equal(collector.paths[0], '/somewhere');
  const down = await converse({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  for (const { lines, client, closedInMs } of [refused, down]) {
    assert.equal(client.of('audio_end').length, 1);
    assert.ok(closedInMs < 4500, `${closedInMs} ms`);
    assert.ok(lines().filter(({ msg }) => msg.startsWith('traces cannot be sent')).length <= 1);
  }
  assert.equal(refused.lines().filter(({ msg }) => msg.startsWith('traces cannot be sent')).length, 1);
});

// Its interface alone is: the metrics library brings it along.
test('without a collector OpenTelemetry’s machinery is not even loaded', () => {
  const code = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
    const { createApp } = await import('./src/app.ts');
    const { parseConfig } = await import('./src/config/config.ts');
    const { silentLogger } = await import('./src/log.ts');
    const app = await createApp(parseConfig({ FACE_ENGINE: 'loudness' }), silentLogger());
    await app.close();
    console.log(seen.some((url) => url.includes('pino')), seen.some((url) => /@opentelemetry\\/(?!api)/.test(url)));`;
  const out = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code],
    { cwd: new URL('../..', import.meta.url), encoding: 'utf8', timeout: 15_000 },
  );
  assert.equal(out.trim(), 'true false');
});
