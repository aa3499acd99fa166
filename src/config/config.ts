import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from '../errors.ts';
import type { Environment } from './environment.ts';
import { FREE_TEXT_SETTINGS, SETTINGS_SCHEMA, type SettingName, type Settings } from './settings.ts';
import { surroundingsOf } from './surroundings.ts';

/** Which agent was chosen, and why, in words for the log. */
export interface AgentChoice {
  /** A name of the registry, or a module. */
  readonly type: string;
  readonly because: string;
  /**
   * The variables themselves, cleaned, for a module of the user's that has settings of its own; nothing, unless
   * AGENT_TYPE was given.
   */
  readonly variables: Environment;
}

/** The settings, checked and complete. */
export type Config = Readonly<Settings> & {
  readonly agent: AgentChoice;
  /** What processes that the server starts get of the variables: nothing that is a setting or a secret. */
  readonly surroundings: Environment;
};

/**
 * Reads the variables, those of a `.env` file under those of the process. This is the only reader of the environment.
 *
 * @throws ConfigError naming every problem at once.
 */
export function parseConfig(environment: Environment): Config {
  const variables = cleaned(environment);
  const parsed = SETTINGS_SCHEMA.safeParse(variables);
  const wrong = new Map<string, string>();
  for (const { path, message } of parsed.error?.issues ?? []) wrong.set(path.join('.'), message);
  // What is wrong by itself is left out, so that what does not go together can be told at the same time.
  const sound = Object.fromEntries(Object.entries(variables).filter(([name]) => !wrong.has(name)));
  const settings = parsed.data ?? SETTINGS_SCHEMA.parse(sound);
  for (const [name, problem] of conflicts(settings)) {
    if (!wrong.has(name)) wrong.set(name, problem);
  }
  if (wrong.size > 0) throw new ConfigError([...wrong].map(([name, problem]) => `${name}: ${problem}`));
  return Object.freeze({
    ...settings,
    agent: Object.freeze(chooseAgent(settings, variables)),
    surroundings: Object.freeze(surroundingsOf(inCapitals(environment))),
  });
}

/**
 * The variables of a `.env` file; none if there is no such file.
 *
 * @throws ConfigError if it is there and cannot be read.
 */
export function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError([`.env: cannot be read (${(error as Error).message})`]);
  }
}

/** Lays one environment over another; what is empty in the upper one shows the lower one. */
export function layered(over: Environment, under: Environment): Environment {
  const upper = inCapitals(over);
  const lower = inCapitals(under);
  const set = Object.entries(upper).filter(([, value]) => value !== undefined && value.trim() !== '');
  const emptied = Object.entries(upper).filter(([name, value]) => value === '' && !(name in lower));
  return { ...lower, ...Object.fromEntries([...emptied, ...set]) };
}

/** The same with every name in capitals; of a name that is there twice, the spelling in capitals counts. */
function inCapitals(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment)
      .map(([name, value]) => [name, name.toUpperCase(), value] as const)
      .filter(([name, capitals]) => name === capitals || !(capitals in environment))
      .map(([, capitals, value]) => [capitals, value]),
  );
}

/** Names in capitals, values trimmed, inline comments cut off (docker keeps them), empty ones left out. */
function cleaned(environment: Environment): Environment {
  const clean: Record<string, string> = {};
  for (const [name, rawValue] of Object.entries(inCapitals(environment))) {
    if (rawValue === undefined) continue;
    const value = FREE_TEXT_SETTINGS.has(name) ? rawValue.trim() : rawValue.replace(/(^|\s)#.*$/s, '').trim();
    if (value !== '') clean[name] = value;
    // Documented since the reference server: nothing in this one means "off", not "as by default".
    else if (name === 'OPENAI_NOISE_REDUCTION') clean[name] = 'off';
  }
  // The reference's compose file passes this word when the variable is unset.
  if (clean['KNOWLEDGE_BASE_SOURCE'] === 'none') delete clean['KNOWLEDGE_BASE_SOURCE'];
  return clean;
}

/** What is right by itself, but not together, or not yet: the variable, and what was expected of it. */
function conflicts(settings: Settings): (readonly [name: SettingName, problem: string])[] {
  const problems: (readonly [SettingName, string])[] = [];
  const { AGENT_TYPE } = settings;
  if (AGENT_TYPE === 'sample_openai' && settings.OPENAI_API_KEY === undefined) {
    problems.push(['OPENAI_API_KEY', 'expected a key, because AGENT_TYPE is sample_openai']);
  }
  if (AGENT_TYPE === 'sample_gemini' && settings.GEMINI_API_KEY === undefined) {
    problems.push(['GEMINI_API_KEY', 'expected a key, because AGENT_TYPE is sample_gemini']);
  }
  if (AGENT_TYPE === 'remote' && settings.AGENT_URL === undefined) {
    problems.push(['AGENT_URL', 'expected a ws:// or wss:// address, because AGENT_TYPE is remote']);
  }
  for (const name of ['SSL_CERT_FILE', 'SSL_KEY_FILE'] as const) {
    if (settings.USE_SSL && settings[name] === undefined) {
      problems.push([name, 'expected a file, because USE_SSL is true']);
    }
  }
  if (settings.SSL_HSTS_SECONDS > 0 && !settings.USE_SSL) {
    problems.push([
      'SSL_HSTS_SECONDS',
      'expected 0, because USE_SSL is false (over http browsers ignore it)',
    ]);
  }
  return problems;
}

function chooseAgent(settings: Settings, variables: Environment): AgentChoice {
  if (settings.AGENT_TYPE !== undefined) {
    return { type: settings.AGENT_TYPE, because: 'AGENT_TYPE says so', variables };
  }
  if (settings.OPENAI_API_KEY !== undefined) {
    return { type: 'sample_openai', because: 'OPENAI_API_KEY is set', variables: {} };
  }
  if (settings.GEMINI_API_KEY !== undefined) {
    return { type: 'sample_gemini', because: 'GEMINI_API_KEY is set', variables: {} };
  }
  return { type: 'sample_offline', because: 'no API key is set', variables: {} };
}
