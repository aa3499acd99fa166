import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { type RunningApp, runApp, TestClient } from './client.ts';
import { eventually } from './eventually.ts';
import { countingPcm, speak } from './session.ts';

/** A listener notices when frames stay away for longer than the lead. */
const NOTICED_MS = 400;

const SPOKEN_SECONDS = 120;

/** A server under attack, and a conversation in another socket that must not notice. */
export interface UnderAttack {
  readonly port: number;
  readonly app: () => RunningApp['app'];
  /** Fails if the witness has noticed anything since the last time. */
  readonly unnoticed: (attack: string) => void;
}

/** Starts both before the tests of a file, and ends them after. */
export function underAttack(environment: Readonly<Record<string, string>> = {}): UnderAttack {
  let running: RunningApp;
  let witness: TestClient;
  let lastAtMs = 0;
  let worstGapMs = 0;

  before(async () => {
    const agent = new ScriptedAgent();
    running = await runApp({ AUTH_ENABLE_RATE_LIMITING: 'false', ...environment }, { agent });
    witness = await TestClient.connect(running.ws);
    await eventually('the agent opens', () => agent.sessions.length > 0);
    const [voice] = agent.sessions;
    assert.ok(voice);
    witness.socket.on('message', () => {
      const nowMs = performance.now();
      if (lastAtMs > 0) worstGapMs = Math.max(worstGapMs, nowMs - lastAtMs);
      lastAtMs = nowMs;
    });
    speak(voice, 'witness', countingPcm(24_000 * SPOKEN_SECONDS), 24_000);
    await witness.until(() => witness.of('sync_frame').length > 0);
  });

  after(async () => {
    await witness.close();
    await running.app.close();
  });

  return {
    get port() {
      return running.port;
    },
    app: () => running.app,
    unnoticed: (attack) => {
      const frames = witness.of('sync_frame');
      const wrong = frames.findIndex((message, index) => message['frameIndex'] !== index);
      assert.equal(wrong, -1, `${attack}: a frame of the witness is missing`);
      assert.ok(!frames.some((message) => message['filler']), `${attack}: the witness ran dry`);
      assert.deepEqual(witness.of('error'), [], attack);
      assert.equal(witness.socket.readyState, witness.socket.OPEN, `${attack}: the witness was closed`);
      assert.ok(worstGapMs < NOTICED_MS, `${attack}: nothing came for ${worstGapMs.toFixed(0)} ms`);
      worstGapMs = 0;
    },
  };
}
