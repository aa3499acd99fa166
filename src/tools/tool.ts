import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';

/** Tools answer within this time unless they say otherwise. */
const DEFAULT_TIMEOUT_MS = 10_000;

const timeoutMs = z.number().int().min(100).max(600_000).default(DEFAULT_TIMEOUT_MS);

const tool = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -'),
  description: z.string().min(1),
  parameters: z
    .looseObject({ type: z.literal('object') })
    .default({ type: 'object', properties: {}, additionalProperties: false }),
  run: z.discriminatedUnion('where', [
    z.strictObject({
      where: z.literal('client'),
      /** Whether the client answers with `action_result`; otherwise the model is told at once that it worked. */
      answers: z.boolean().default(false),
      timeoutMs,
    }),
    z.strictObject({
      where: z.literal('http'),
      url: z
        .url({ protocol: /^https?$/ })
        .refine((url) => !holdsPassword(url), 'expected no user and password: they cannot be sent'),
      timeoutMs,
    }),
  ]),
});

/** A tool, and where it runs: in the client's page, or at an address of the operator's. */
export type Tool = z.output<typeof tool>;

/** What there is without a TOOLS_FILE: the reference server's example. */
export const BUILT_IN_TOOLS: readonly Tool[] = [
  {
    name: 'trigger_confetti',
    description: 'Lets confetti rain over the page. For celebrations, or when the user asks for some fun.',
    parameters: { type: 'object', properties: {}, additionalProperties: false },
    run: { where: 'client', answers: false, timeoutMs: DEFAULT_TIMEOUT_MS },
  },
];

/**
 * Reads the tools of a file: a JSON array of `{name, description, parameters, run}`.
 *
 * @throws ConfigError naming everything that is wrong with it.
 */
export function loadTools(path: string | undefined): readonly Tool[] {
  if (path === undefined) return BUILT_IN_TOOLS;
  const parsed = z.array(tool).safeParse(readJson(path));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(
        ({ path: at, message }) => `TOOLS_FILE: ${path}: ${at.join('.') || 'file'}: ${message}`,
      ),
    );
  }
  const names = parsed.data.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError([`TOOLS_FILE: ${path}: ${twice} is there twice`]);
  return parsed.data;
}

/** Whether `fetch` would refuse the address, quoting it in its error. */
function holdsPassword(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError([`TOOLS_FILE: ${path}: ${(error as Error).message}`]);
  }
}
