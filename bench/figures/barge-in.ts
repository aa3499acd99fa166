import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/log.ts';
import { atMost, type Figure } from '../figure.ts';
import { monotonicMs } from '../monotonic.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';
import { voice } from '../voice.ts';

const SESSIONS = 20;
const BARGE_INS = 200;
const LIMIT_MS = 20;
const SAMPLE_RATE = 24_000;
const ANSWER_MS = 60_000;

/** Between two barge-ins; not a multiple of a frame, so that they fall anywhere in one. */
const PAUSE_MS = 47;

/** How long after the agent says that the user speaks the client has the `interrupt`, while all sessions speak. */
export const bargeIn: Figure = {
  name: 'barge-in',
  title: `From the agent's "the user speaks" to the client's interrupt, ${SESSIONS} sessions speaking (server and clients in one process)`,
  run: async () => {
    const say = voice(SAMPLE_RATE);
    const agent = new ScriptedAgent();
    const config = parseConfig({ SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', FACE_ENGINE: 'loudness' });
    const app = await createApp(config, silentLogger(), { agent });
    const { port } = await app.listen();
    const clients: WebSocket[] = [];
    for (let count = 0; count < SESSIONS; count += 1) {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws`);
      await once(client, 'message'); // its config; sessions open one after the other, as the clients do
      clients.push(client);
    }
    const answer = (index: number, turnId: string) => {
      agent.sessions[index]?.emit({ type: 'audio', turnId, pcm: say(0, ANSWER_MS) });
    };
    for (let index = 0; index < SESSIONS; index += 1) answer(index, 'first');
    await delay(1000);

    const delaysMs: number[] = [];
    for (let count = 0; count < BARGE_INS; count += 1) {
      const index = count % SESSIONS;
      const client = clients[index];
      if (client === undefined) break;
      const interrupted = untilInterrupt(client);
      const saidAtMs = monotonicMs();
      agent.sessions[index]?.emit({ type: 'user_speaking' });
      delaysMs.push((await interrupted) - saidAtMs);
      answer(index, `answer ${count}`);
      await delay(PAUSE_MS);
    }
    for (const client of clients) client.terminate();
    await app.close();
    const seen = summarise(delaysMs);
    return [
      {
        what: `interrupt at the client, ${BARGE_INS} barge-ins, p50 / p99 / max (ms)`,
        measured: spread(seen, 'p99'),
        ...atMost(seen.p99, LIMIT_MS, `p99 ≤ ${LIMIT_MS}`),
      },
    ];
  },
};

/** Resolves with the time at which the client's next `interrupt` comes. */
function untilInterrupt(client: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    const look = (data: Buffer) => {
      if (!data.subarray(0, 24).includes('"interrupt"')) return;
      client.off('message', look);
      resolve(monotonicMs());
    };
    client.on('message', look);
  });
}
