// What the package gives to those who test an agent of their own.
export {
  type AgentCall,
  type Script,
  ScriptedAgent,
  ScriptedSession,
} from './agents/scripted/scripted-agent.ts';
export {
  type AgentHarness,
  agentContract,
  type ContractCase,
  type StartedAgent,
  testAgentContract,
} from './testing/agent-contract.ts';
export { Conversation, type ConversationOptions } from './testing/conversation.ts';
export { FakeGemini, type GeminiScript } from './testing/fake-gemini.ts';
export * as geminiSteps from './testing/fake-gemini-steps.ts';
export { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from './testing/fake-openai.ts';
export * as openAISteps from './testing/fake-openai-script.ts';
export { FakeClock } from './time/fake-clock.ts';
