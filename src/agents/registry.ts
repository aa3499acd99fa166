import type { Config } from '../config/config.ts';
import { ConfigError } from '../errors.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Logger } from '../log.ts';
import type { Agent } from './agent.ts';
import { createOfflineAgent } from './offline/offline-agent.ts';
import { checkOwnAgent, createOwnAgent } from './own/own-agent.ts';
import { createRemoteAgent } from './remote/remote-agent.ts';

/** What an agent may need to be made. */
export interface AgentParts {
  readonly config: Config;
  readonly knowledge: Knowledge;
  readonly log: Logger;
}

type Create = (parts: AgentParts) => Agent | Promise<Agent>;

/** Every agent of this server, by the name AGENT_TYPE gives it. A new agent is one more line here. */
const AGENTS: ReadonlyMap<string, Create> = new Map<string, Create>([
  [
    'sample_offline',
    ({ config, knowledge }) =>
      createOfflineAgent({
        voice: config.OFFLINE_VOICE,
        knowledge,
        charsPerSecond: config.TRANSCRIPT_CHARS_PER_SECOND,
      }),
  ],
  // Their SDKs take a tenth of a second to load: only who is chosen pays for it.
  [
    'sample_openai',
    async ({ config, log }) => (await import('./openai/openai-agent.ts')).createOpenAIAgent(config, log),
  ],
  [
    'sample_gemini',
    async ({ config, log }) => (await import('./gemini/gemini-agent.ts')).createGeminiAgent(config, log),
  ],
  [
    'remote',
    ({ config, log }) =>
      createRemoteAgent({
        url: needed('AGENT_URL', config.AGENT_URL),
        charsPerSecond: config.TRANSCRIPT_CHARS_PER_SECOND,
        log,
      }),
  ],
]);

/**
 * Makes the agent the settings choose: one of this server's, or a module of the user's. The caller closes it.
 *
 * @throws ConfigError if AGENT_TYPE names neither, or the module is not what it should be.
 */
export async function createAgent(parts: Omit<AgentParts, 'log'>, log: Logger): Promise<Agent> {
  const { type, because, variables } = parts.config.agent;
  log.info({ agent: type, because }, `agent ${type}, because ${because}`);
  const create = AGENTS.get(type);
  if (create !== undefined) return create({ ...parts, log });
  return createOwnAgent(type, { variables, knowledge: parts.knowledge, log }, [...AGENTS.keys()]);
}

/**
 * Looks whether the agent that the settings choose can be made, and makes none: of a module of the user's, that it can be
 * loaded, has the right shape and the settings it needs.
 *
 * @throws ConfigError as {@link createAgent} would.
 */
export async function checkAgent({ agent: { type, variables } }: Config): Promise<void> {
  if (!AGENTS.has(type)) await checkOwnAgent(type, variables, [...AGENTS.keys()]);
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new ConfigError([`${name}: expected a value`]);
  return value;
}
