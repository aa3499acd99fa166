import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { agent as beeper } from '../../docs/examples/my-agent.ts';
import { createOfflineAgent } from '../../src/agents/offline/offline-agent.ts';
import { createRemoteAgent } from '../../src/agents/remote/remote-agent.ts';
import {
  type Script,
  ScriptedAgent,
  type ScriptedSession,
} from '../../src/agents/scripted/scripted-agent.ts';
import { AgentError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import { type StartedAgent, testAgentContract } from '../../src/testing/agent-contract.ts';
import { CAFE } from '../support/cafe.ts';
import { FakeRemoteAgent, talkative } from './remote/fake-remote-agent.ts';

/** One suite over every agent; those with a fake of their provider run it in openai/ and gemini/. A new agent gets its lines here. */

const stopped = () => Promise.resolve();

function scripted(script: Script): Promise<StartedAgent> {
  return Promise.resolve({ agent: new ScriptedAgent(script), stop: stopped });
}

/** Conversations whose connection is broken: a script goes on unless it is told. */
const silenced = new WeakSet<ScriptedSession>();

testAgentContract(test, 'the scripted agent', {
  start: () =>
    scripted({
      onText: (text, session) => {
        if (silenced.has(session) || session.calls.some(({ method }) => method === 'close')) return;
        const turnId = `turn ${session.calls.length}`;
        session.emit({ type: 'turn_started', turnId });
        session.emit({ type: 'text', turnId, text: 'Yes.' });
        session.emit({ type: 'audio', turnId, pcm: new Int16Array(2400) });
        if (text !== 'long') session.emit({ type: 'turn_ended', turnId });
      },
    }),
  question: 'short',
  longQuestion: 'long',
  lose: ({ agent }) => {
    for (const session of (agent as ScriptedAgent).sessions) {
      session.lose();
      silenced.add(session);
    }
  },
  unreachable: () =>
    scripted({
      onOpen: () => {
        throw new AgentError('agent_unavailable', 'scripted', { retryable: true });
      },
    }),
  hanging: () =>
    scripted({
      onOpen: async ({ options: { signal } }) => {
        await once(signal, 'abort');
        signal.throwIfAborted();
      },
    }),
});

testAgentContract(test, 'the offline agent', {
  start: async () => {
    const agent = await createOfflineAgent({
      voice: 'slt',
      knowledge: { text: () => CAFE },
      charsPerSecond: 16,
    });
    return { agent, stop: () => agent.close() };
  },
  question: 'thank you',
  longQuestion: 'When do you open?',
});

function remote(url: string, stop: () => Promise<unknown>): StartedAgent {
  return {
    agent: createRemoteAgent({ url, charsPerSecond: 16, log: silentLogger() }),
    stop: async () => void (await stop()),
  };
}

const remoteEnds = new Map<StartedAgent, FakeRemoteAgent>();

testAgentContract(test, 'the remote agent', {
  start: async () => {
    const end = await FakeRemoteAgent.start(talkative);
    const started = remote(end.url, () => end.stop());
    remoteEnds.set(started, end);
    return started;
  },
  question: 'short',
  longQuestion: 'long',
  lose: (started) => remoteEnds.get(started)?.drop(),
  unreachable: () => Promise.resolve(remote('ws://127.0.0.1:1', stopped)),
  hanging: async () => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    return remote(`ws://127.0.0.1:${port}`, async () => server.close());
  },
});

testAgentContract(test, 'the example of an own agent', {
  start: async () => {
    const agent = await beeper.create({
      settings: { BEEP_HZ: 440 },
      knowledge: { text: () => '' },
      log: silentLogger(),
    });
    return { agent, stop: () => agent.close() };
  },
  question: 'Hello',
  longQuestion: 'la '.repeat(500),
});
