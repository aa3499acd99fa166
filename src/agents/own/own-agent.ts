import type { Environment } from '../../config/environment.ts';
import { AppError, ConfigError } from '../../errors.ts';
import type { Agent } from '../agent.ts';
import type { AgentModule, OwnAgentParts, SettingsIssue } from './agent-module.ts';
import { loadModule } from './load-module.ts';
import { agentProblems, moduleProblems } from './shape.ts';

/** What an agent of the user's is made of. */
export interface OwnAgentOptions extends Omit<OwnAgentParts<unknown>, 'settings'> {
  /** All variables, from which it picks its settings. */
  readonly variables: Environment;
}

/**
 * Makes the agent of a user's module: loads it, checks its shape, its settings, and what it makes.
 *
 * @param type a path or a package name, as AGENT_TYPE has it
 * @param builtIn the names of this server's own agents, for the message about a misspelt one
 * @throws ConfigError naming everything that is wrong with it.
 */
export async function createOwnAgent(
  type: string,
  { variables, knowledge, log }: OwnAgentOptions,
  builtIn: readonly string[],
): Promise<Agent> {
  const { module, settings } = await checkOwnAgent(type, variables, builtIn);
  let agent: unknown;
  try {
    agent = await module.create({ settings, knowledge, log: log.child({ agent: module.name }) });
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`AGENT_TYPE: ${type}: create failed: ${why}`]);
  }
  const problems = agentProblems(agent);
  if (problems.length > 0) {
    throw new ConfigError(problems.map((problem) => `AGENT_TYPE: ${type}: create made no agent: ${problem}`));
  }
  return agent as Agent;
}

/**
 * The module of an agent and its settings, both checked; its `create` is not called.
 *
 * @throws ConfigError naming everything that is wrong with it.
 */
export async function checkOwnAgent(
  type: string,
  variables: Environment,
  builtIn: readonly string[],
): Promise<{ readonly module: AgentModule; readonly settings: unknown }> {
  const module = moduleOf(type, await loadModule(type, builtIn));
  return { module, settings: await settingsOf(type, module, variables) };
}

function moduleOf(type: string, exports: object): AgentModule {
  // A CommonJS module's exports arrive as the default.
  const { agent, default: whole } = exports as { agent?: unknown; default?: { agent?: unknown } | null };
  const found = agent ?? whole?.agent ?? whole;
  const problems = moduleProblems(found);
  if (problems.length > 0) {
    throw new ConfigError(problems.map((problem) => `AGENT_TYPE: ${type}: ${problem}`));
  }
  return found as AgentModule;
}

async function settingsOf(type: string, module: AgentModule, variables: Environment): Promise<unknown> {
  if (module.settings === undefined) return {};
  const result = await module.settings['~standard'].validate({ ...variables });
  if (result.issues === undefined) return result.value;
  throw new ConfigError(result.issues.map((issue) => `${variableOf(issue) ?? type}: ${issue.message}`));
}

/** The variable's name: the first step of the path. */
function variableOf({ path }: SettingsIssue): string | undefined {
  const first = path?.[0];
  if (first === undefined) return undefined;
  return String(typeof first === 'object' ? first.key : first);
}
