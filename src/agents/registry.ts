import type { Config } from '../config/config.ts';
import { ConfigError } from '../errors.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Logger } from '../log.ts';
import type { Agent } from './agent.ts';
import { createOfflineAgent } from './offline/offline-agent.ts';

/** What an agent may need to be made. */
export interface AgentParts {
  readonly config: Config;
  readonly knowledge: Knowledge;
}

type Create = (parts: AgentParts) => Promise<Agent>;

/** Every agent this version has, by the name AGENT_TYPE gives it. A new agent is one more line here. */
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
]);

/**
 * Makes the agent the settings choose; the caller closes it.
 *
 * @throws ConfigError if AGENT_TYPE names one that this version does not have. One that was only chosen for its key is
 * replaced by the offline agent, and the log says so.
 */
export async function createAgent(parts: AgentParts, log: Logger): Promise<Agent> {
  const { type, explicit, because } = parts.config.agent;
  const create = AGENTS.get(type);
  if (create !== undefined) {
    log.info({ agent: type, because }, `agent ${type}, because ${because}`);
    return create(parts);
  }
  if (explicit) {
    const known = [...AGENTS.keys()].join(', ');
    throw new ConfigError([`AGENT_TYPE: ${type} is not in this version yet; expected one of ${known}`]);
  }
  log.warn(
    { agent: 'sample_offline' },
    `${because}, but ${type} is not in this version yet: agent sample_offline`,
  );
  return createOfflineAgent({
    voice: parts.config.OFFLINE_VOICE,
    knowledge: parts.knowledge,
    charsPerSecond: parts.config.TRANSCRIPT_CHARS_PER_SECOND,
  });
}
