import { test } from 'node:test';
import { createOpenAIAgent } from '../../../src/agents/openai/openai-agent.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { silentLogger } from '../../../src/log.ts';
import { testAgentContract } from '../../../src/testing/agent-contract.ts';
import {
  type FakeOpenAI,
  type FakeOpenAIOptions,
  startFakeOpenAI,
} from '../../../src/testing/fake-openai.ts';
import { say } from '../../../src/testing/fake-openai-script.ts';

let fake: FakeOpenAI;

async function start(options: FakeOpenAIOptions = {}) {
  fake = await startFakeOpenAI({
    answer: ({ text }) => [text === 'long' ? say('On and on.', { ms: 30_000, everyMs: 20 }) : say('Yes.')],
    ...options,
  });
  const running = fake;
  const config = parseConfig({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: running.url });
  return { agent: createOpenAIAgent(config, silentLogger()), stop: () => running.close() };
}

testAgentContract(test, 'the OpenAI agent', {
  start,
  question: 'short',
  longQuestion: 'long',
  lose: () => {
    for (const connection of fake.connections) connection.reset();
  },
  unreachable: () => start({ door: () => 'drop' }),
  hanging: () => start({ door: () => 'hang' }),
});
