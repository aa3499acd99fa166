import { readFile, stat } from 'node:fs/promises';
import { ConfigError } from './errors.ts';
import type { Logger } from './log.ts';
import type { Clock } from './time/clock.ts';

/** Larger knowledge is refused: it would not fit a prompt. */
export const MAX_KNOWLEDGE_BYTES = 1024 * 1024;

const FETCH_TIMEOUT_MS = 5000;

/** Loaded text this old is fetched anew at the next use; the use itself does not wait. */
const REFRESH_AFTER_MS = 5 * 60_000;

/** What the assistant knows, loaded from KNOWLEDGE_BASE_SOURCE. */
export interface Knowledge {
  /** The text as last loaded; empty without a source, or while it could not be loaded. Starts a refresh when old. */
  text(): string;
}

/** Where knowledge comes from and what it needs. */
export interface KnowledgeOptions {
  /** An http(s) URL or a file path; undefined for none. */
  readonly source: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Loads the knowledge. A source that fails is logged and survived: what was loaded before stays. */
export async function loadKnowledge(options: KnowledgeOptions): Promise<Knowledge> {
  const { source, clock, log, signal } = options;
  if (source === undefined) return { text: () => '' };

  let text = '';
  let triedAt = clock.now();
  const refresh = async () => {
    triedAt = clock.now();
    try {
      text = (await read(source, signal)).trim();
      log.info({ characters: text.length }, 'knowledge loaded');
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'KNOWLEDGE_BASE_SOURCE could not be loaded');
    }
  };
  await refresh();
  return {
    text: () => {
      if (clock.now() - triedAt >= REFRESH_AFTER_MS) void refresh();
      return text;
    },
  };
}

/**
 * Looks whether a file of knowledge can be loaded.
 *
 * @throws ConfigError if not.
 */
export async function checkKnowledgeFile(path: string): Promise<void> {
  try {
    await readLocal(path);
  } catch (error) {
    throw new ConfigError([`KNOWLEDGE_BASE_SOURCE: cannot be loaded: ${(error as Error).message}`]);
  }
}

/** The system prompt: the instructions, and the knowledge to answer from, if there is any. */
export function buildInstructions(instructions: string, knowledge: string): string {
  if (knowledge === '') return instructions;
  return [
    instructions,
    '',
    '### KNOWLEDGE BASE ###',
    'Answer from the following text where it covers the question:',
    knowledge,
    '########################',
  ].join('\n');
}

function read(source: string, signal: AbortSignal): Promise<string> {
  return /^https?:/i.test(source) ? readUrl(source, signal) : readLocal(source);
}

async function readUrl(url: string, signal: AbortSignal): Promise<string> {
  const address = URL.parse(url);
  // fetch would say what is wrong with it, and quote it.
  if (address === null || address.username !== '' || address.password !== '') {
    throw new TypeError('not an address without user and password');
  }
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]),
  });
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_KNOWLEDGE_BYTES) throw new RangeError(`more than ${MAX_KNOWLEDGE_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function readLocal(path: string): Promise<string> {
  const file = await stat(path);
  if (!file.isFile()) throw new TypeError('not a file'); // a pipe would never end
  if (file.size > MAX_KNOWLEDGE_BYTES) throw new RangeError(`more than ${MAX_KNOWLEDGE_BYTES} bytes`);
  return readFile(path, 'utf8');
}
