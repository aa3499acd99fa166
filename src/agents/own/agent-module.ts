import type { Knowledge } from '../../knowledge.ts';
import type { Logger } from '../../log.ts';
import type { Agent } from '../agent.ts';

/**
 * A schema of environment variables, as zod, valibot or arktype make them (standardschema.dev). It is given all
 * variables there are, names in capitals, values as text, and picks its own.
 */
export interface SettingsSchema<Settings> {
  readonly '~standard': {
    readonly validate: (variables: unknown) => SettingsResult<Settings> | Promise<SettingsResult<Settings>>;
  };
}

/** What a schema made of the variables: settings, or everything that is wrong with them. */
export type SettingsResult<Settings> =
  | { readonly value: Settings; readonly issues?: undefined }
  | { readonly issues: readonly SettingsIssue[] };

/** What is wrong, and with which variable. */
export interface SettingsIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a module's agent is made of. */
export interface OwnAgentParts<Settings> {
  /** As the module's schema checked them; without a schema, nothing. */
  readonly settings: Settings;
  /** What the assistant knows. It is part of the instructions of each conversation already. */
  readonly knowledge: Knowledge;
  /** Structured; what was said in a conversation does not belong in it. */
  readonly log: Logger;
}

/** What a module that AGENT_TYPE names exports as `agent` (or by default). */
export interface AgentModule<Settings = unknown> {
  /** For the log, /health and messages. */
  readonly name: string;
  /** Its environment variables. */
  readonly settings?: SettingsSchema<Settings>;
  /** Makes the agent, once. What it throws ends the start of the server with its message. */
  create(parts: OwnAgentParts<Settings>): Agent | Promise<Agent>;
}

/** Gives a module's `create` the type of its settings; does nothing else. */
export function defineAgent<Settings = unknown>(module: AgentModule<Settings>): AgentModule<Settings> {
  return module;
}
