import { checkAgent } from './agents/registry.ts';
import type { Config } from './config/config.ts';
import { ConfigError, InferenceError } from './errors.ts';
import { checkModelFile } from './face/engine/model-file.ts';
import { certificateFiles, readCertificate } from './http/certificate.ts';
import { checkKnowledgeFile } from './knowledge.ts';
import { loadTools } from './tools/tool.ts';

/** Where the values begin, behind their names. */
const COLUMN = 11;

/**
 * Says what the settings would make live, a line for each part. Nothing listens, no model is loaded, no address is
 * called; a module of the user's is imported, but makes no agent. Stricter than a start: whatever a setting names has to
 * be there, even where the server could do without.
 *
 * @throws ConfigError naming everything that is wrong.
 */
export async function checkSettings(config: Config): Promise<readonly string[]> {
  const problems: string[] = [];
  const lines: string[] = [];
  const look = async (name: string, at: () => string | Promise<string>) => {
    try {
      lines.push(`${name.padEnd(COLUMN)}${await at()}`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  };
  await look('agent', () => agentLine(config));
  await look('knowledge', () => knowledgeLine(config));
  await look('tools', () => toolsLine(config));
  await look('face', () => faceLine(config));
  await look('auth', () => authLine(config));
  await look('limits', () => limitsLine(config));
  await look('tls', () => tlsLine(config));
  await look('address', () => addressLine(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return lines;
}

async function agentLine(config: Config): Promise<string> {
  await checkAgent(config);
  return `${config.agent.type}, because ${config.agent.because}`;
}

async function knowledgeLine({ KNOWLEDGE_BASE_SOURCE: source }: Config): Promise<string> {
  if (source === undefined) return 'none';
  if (/^https?:/i.test(source)) return `from ${new URL(source).host} (not asked now)`;
  await checkKnowledgeFile(source);
  return source;
}

function toolsLine({ TOOLS_FILE }: Config): string {
  return loadTools(TOOLS_FILE)
    .map(({ name }) => name)
    .join(', ');
}

function faceLine({ FACE_ENGINE, ONNX_MODEL_PATH }: Config): string {
  if (FACE_ENGINE !== 'auto' && FACE_ENGINE !== 'wav2arkit') return FACE_ENGINE;
  try {
    return `wav2arkit, from ${checkModelFile(ONNX_MODEL_PATH).path}`;
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    if (FACE_ENGINE === 'wav2arkit') throw new ConfigError([`ONNX_MODEL_PATH: ${error.message}`]);
    return `the package's own. ${error.message}`;
  }
}

function authLine(config: Config): string {
  if (!config.AUTH_ENABLED) return 'off: whoever reaches the port may talk';
  const key = config.AUTH_SECRET_KEY === undefined ? ', with a key made at each start' : '';
  return `tokens for ${config.AUTH_ALLOWED_ORIGINS.join(', ')}${key}`;
}

function limitsLine(config: Config): string {
  const { MAX_SESSIONS, MAX_SESSIONS_PER_ORIGIN: ofOrigin, MAX_SESSIONS_PER_ADDRESS: ofAddress } = config;
  return [
    `${MAX_SESSIONS} conversations at a time`,
    ...(ofOrigin === undefined ? [] : [`${ofOrigin} of one origin`]),
    ...(ofAddress === undefined ? [] : [`${ofAddress} from one address`]),
    config.AUTH_ENABLE_RATE_LIMITING
      ? `rates held ${config.REDIS_URL === undefined ? 'by this node' : 'in Redis (not asked now)'}`
      : 'no limit on how often one connects',
  ].join(', ');
}

function tlsLine(config: Config): string {
  const files = certificateFiles(config);
  if (files === undefined) return 'off';
  return `${files.certFile}, good until ${new Date(readCertificate(files).validToMs).toISOString()}`;
}

function addressLine({ USE_SSL, SERVER_HOST, SERVER_PORT }: Config): string {
  return `${USE_SSL ? 'https' : 'http'}://${SERVER_HOST}:${SERVER_PORT} and ${USE_SSL ? 'wss' : 'ws'}://`;
}
