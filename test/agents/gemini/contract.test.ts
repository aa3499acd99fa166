import { test } from 'node:test';
import { createGeminiAgent } from '../../../src/agents/gemini/gemini-agent.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { silentLogger } from '../../../src/log.ts';
import { agentContract, type StartedAgent } from '../../../src/testing/agent-contract.ts';
import { FakeGemini, type GeminiScript } from '../../../src/testing/fake-gemini.ts';
import { complete, pause, speech, words } from '../../../src/testing/fake-gemini-steps.ts';

interface Started extends StartedAgent {
  readonly gemini: FakeGemini;
}

async function start(script: GeminiScript = {}): Promise<Started> {
  const gemini = await FakeGemini.start({
    onText: (text) =>
      text.includes('story')
        ? [words('Once'), Array.from({ length: 500 }, () => [speech(20), pause(20)]), complete()]
        : [words('It is so.'), speech(200), complete()],
    ...script,
  });
  const config = parseConfig({ GEMINI_API_KEY: 'key', GOOGLE_GEMINI_BASE_URL: gemini.url });
  return { agent: createGeminiAgent(config, silentLogger()), gemini, stop: () => gemini.close() };
}

const contract = agentContract({
  start,
  question: 'Is it so?',
  longQuestion: 'Tell me a long story.',
  lose: (started) => (started as Started).gemini.connection.reset(), // start() above made it
  unreachable: async () => {
    const started = await start();
    await started.gemini.close();
    return { agent: started.agent, stop: () => Promise.resolve() };
  },
  hanging: () => start({ onSetup: () => 'silent' }),
});

for (const { title, run } of contract) test(`sample_gemini ${title}`, run);
