// What the package gives to those who write an agent, or start the server from a program of their own.
export type {
  Agent,
  AgentCapabilities,
  AgentEvent,
  AgentSession,
  AgentSink,
  Heard,
  Image,
  OpenAgent,
  ToolDefinition,
  Utterance,
} from './agents/agent.ts';
export { type AgentModule, defineAgent, type OwnAgentParts } from './agents/own/agent-module.ts';
export { type App, type AppOverrides, createApp } from './app.ts';
export { type Config, parseConfig } from './config/config.ts';
export type { Environment } from './config/environment.ts';
export { AgentError, AppError, ConfigError } from './errors.ts';
export type { Knowledge } from './knowledge.ts';
export { createLogger, type Logger, silentLogger } from './log.ts';
export { type Clock, systemClock } from './time/clock.ts';
