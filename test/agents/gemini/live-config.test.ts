import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGeminiAgent } from '../../../src/agents/gemini/gemini-agent.ts';
import { historyTurns, liveConfig } from '../../../src/agents/gemini/live-config.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { ConfigError } from '../../../src/errors.ts';
import { silentLogger } from '../../../src/log.ts';
import { FakeGemini } from '../../../src/testing/fake-gemini.ts';
import type { GeminiSetup } from '../../../src/testing/fake-gemini-setup.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';

const opening = { instructions: 'Be brief.', tools: [], history: [] };

/** The setup as it arrives at a provider, and the address it came to, for what a user has set. */
async function onTheWire(environment: Record<string, string>, extra: object = {}) {
  const gemini = await FakeGemini.start();
  const abort = new AbortController();
  const config = parseConfig({ GEMINI_API_KEY: 'key-1', GOOGLE_GEMINI_BASE_URL: gemini.url, ...environment });
  const agent = createGeminiAgent(config, silentLogger());
  const options = { ...conversation(new RecordingSink(), abort.signal), ...extra };
  const session = await agent.open({ ...options, instructions: 'Be brief.' });
  session.sendAudio(new Int16Array(10));
  await gemini.until(() => gemini.connection.received.some((sent) => sent.realtimeInput?.audio));
  await session.close();
  abort.abort();
  const setup = gemini.connection.setup as GeminiSetup; // the session is open, so it was accepted
  const { audioTypes, received } = gemini.connection;
  const [attempt] = gemini.attempts;
  await gemini.close();
  return { setup, audioTypes, received, attempt, agent };
}

test('the defaults arrive as the reference documents them', async () => {
  const { setup, audioTypes, attempt, agent } = await onTheWire({});
  assert.deepEqual(setup, {
    model: 'models/gemini-2.5-flash-native-audio-preview-12-2025',
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Leda' } } },
      thinkingConfig: { includeThoughts: false, thinkingBudget: -1 },
    },
    systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
    sessionResumption: {},
    contextWindowCompression: { slidingWindow: {} },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    realtimeInputConfig: {
      automaticActivityDetection: {
        startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
        endOfSpeechSensitivity: 'END_SENSITIVITY_LOW',
      },
      turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
    },
  });
  assert.deepEqual(attempt, { number: 1, apiVersion: 'v1alpha', apiKey: 'key-1' });
  assert.deepEqual(audioTypes, ['audio/pcm;rate=16000']);
  assert.deepEqual(
    [agent.audio.inputRate, agent.audio.outputRate, agent.charsPerSecond],
    [16_000, 24_000, 15],
  );
});

test('every setting arrives when it is set', async () => {
  const { setup, audioTypes, attempt, agent } = await onTheWire({
    GEMINI_API_KEY: 'key-2',
    GEMINI_MODEL: 'gemini-live-2.5-flash-preview',
    GEMINI_VOICE: 'Puck',
    GEMINI_API_VERSION: 'v1beta',
    GEMINI_THINKING_BUDGET: '0',
    GEMINI_GOOGLE_SEARCH_GROUNDING: 'true',
    GEMINI_PROACTIVE_AUDIO: 'true',
    GEMINI_CONTEXT_WINDOW_COMPRESSION: 'false',
    GEMINI_INPUT_SAMPLE_RATE: '24000',
    GEMINI_OUTPUT_SAMPLE_RATE: '48000',
    GEMINI_TRANSCRIPT_SPEED: '20',
    GEMINI_VAD_START_SENSITIVITY: 'START_SENSITIVITY_HIGH',
    GEMINI_VAD_END_SENSITIVITY: 'END_SENSITIVITY_UNSPECIFIED',
    GEMINI_TURN_COVERAGE: 'TURN_INCLUDES_ONLY_ACTIVITY',
  });
  assert.equal(setup.model, 'models/gemini-live-2.5-flash-preview');
  assert.equal(setup.generationConfig.speechConfig?.voiceConfig.prebuiltVoiceConfig.voiceName, 'Puck');
  assert.deepEqual(setup.generationConfig.thinkingConfig, { includeThoughts: false, thinkingBudget: 0 });
  assert.deepEqual(setup.tools, [{ googleSearch: {} }]);
  assert.deepEqual(setup.proactivity, { proactiveAudio: true });
  assert.equal(setup.contextWindowCompression, undefined);
  assert.deepEqual(setup.realtimeInputConfig, {
    automaticActivityDetection: {
      startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH',
      endOfSpeechSensitivity: 'END_SENSITIVITY_UNSPECIFIED',
    },
    turnCoverage: 'TURN_INCLUDES_ONLY_ACTIVITY',
  });
  assert.deepEqual(attempt, { number: 1, apiVersion: 'v1beta', apiKey: 'key-2' });
  assert.deepEqual(audioTypes, ['audio/pcm;rate=24000']);
  assert.deepEqual(
    [agent.audio.inputRate, agent.audio.outputRate, agent.charsPerSecond],
    [24_000, 48_000, 20],
  );
});

test('tools arrive with their schema as it was written', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const { setup } = await onTheWire(
    {},
    { tools: [{ name: 'weather', description: 'Tells it.', parameters }] },
  );
  assert.deepEqual(setup.tools, [
    {
      functionDeclarations: [{ name: 'weather', description: 'Tells it.', parametersJsonSchema: parameters }],
    },
  ]);
});

test('a history is told after the setup, and only where no handle brings it', () => {
  const settings = parseConfig({ GEMINI_API_KEY: 'key' });
  const history = [
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello' },
  ] as const;
  assert.deepEqual(historyTurns(settings, { ...opening, history }), [
    { role: 'user', parts: [{ text: 'Hi' }] },
    { role: 'model', parts: [{ text: 'Hello' }] },
  ]);
  assert.deepEqual(historyTurns(settings, { ...opening, history, resumeHandle: 'h' }), []);
  assert.deepEqual(liveConfig(settings, { ...opening, resumeHandle: 'h' }).sessionResumption, {
    handle: 'h',
  });
});

test('models from Gemini 3 on, which take no added turns, are told the history in their instructions', () => {
  const settings = parseConfig({ GEMINI_API_KEY: 'key', GEMINI_MODEL: 'gemini-3.1-flash-live-preview' });
  const history = [
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello' },
  ] as const;
  assert.deepEqual(historyTurns(settings, { ...opening, history }), []);
  const told = liveConfig(settings, { ...opening, history }).systemInstruction;
  assert.equal(told, 'Be brief.\n\nThe conversation so far, which goes on now:\nUser: Hi\nYou: Hello');
  assert.equal(
    liveConfig(settings, { ...opening, history, resumeHandle: 'h' }).systemInstruction,
    'Be brief.',
  );
});

test('without a key there is no agent', () => {
  assert.throws(() => createGeminiAgent(parseConfig({}), silentLogger()), ConfigError);
});
