import { z } from 'zod';
import type { ToolDefinition, Utterance } from '../agent.ts';

/** Sample rates (Hz) a remote agent may ask for instead of 24000. */
export const REMOTE_RATES = [8000, 16_000, 22_050, 24_000, 44_100, 48_000] as const;

/** A tool's arguments may be so long as JSON; they go on to a page or an address of the operator's. */
const MAX_ARGUMENTS_CHARS = 64 * 1024;

/** Python agents send null for what they leave out. */
const optionalText = z.string().nullish();
const rate = z.union(REMOTE_RATES.map((value) => z.literal(value)));

const base64 = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text), 'expected base64')
  .transform((text) => Buffer.from(text, 'base64'));

const agentMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session_ready'),
    /** Sound as binary frames, both ways. */
    binary: z.boolean().nullish(),
    inputSampleRate: rate.nullish(),
    outputSampleRate: rate.nullish(),
    vision: z.boolean().nullish(),
  }),
  z.object({ type: z.literal('response_start'), turnId: z.string().max(200).nullish() }),
  z.object({ type: z.literal('audio_delta'), data: base64 }),
  z.object({
    type: z.literal('transcript_delta'),
    delta: z.string(),
    role: z.enum(['assistant', 'user']).nullish(),
    itemId: optionalText,
  }),
  z.object({ type: z.literal('response_end'), transcript: optionalText, itemId: optionalText }),
  z.object({ type: z.literal('user_transcript'), transcript: z.string(), itemId: optionalText }),
  z.object({ type: z.literal('interrupted') }),
  z.object({ type: z.literal('user_finished') }),
  z.object({ type: z.literal('error'), error: z.unknown() }),
  z.object({
    type: z.literal('tool_call'),
    callId: z.string().min(1).max(200).nullish(),
    name: z.string().min(1).max(200),
    arguments: z.unknown().refine(fitsJson, 'too long or too deep').optional(),
  }),
]);

/** What a remote agent can say. Names and fields are those of docs/remote-agent.md. */
export type AgentMessage = z.output<typeof agentMessage>;

/** What the server says to a remote agent; an agent may ignore all but `text` and `audio`. */
export type ServerMessage =
  | {
      readonly type: 'session_start';
      readonly sessionId: string;
      readonly inputSampleRate: number;
      readonly outputSampleRate: number;
      readonly instructions: string;
      readonly history: readonly Utterance[];
      readonly tools: readonly ToolDefinition[];
      /** What the agent may make use of. */
      readonly offers: readonly string[];
    }
  | { readonly type: 'text'; readonly data: string }
  | { readonly type: 'audio'; readonly data: string }
  | { readonly type: 'audio_stream_start'; readonly sampleRate: number }
  | { readonly type: 'audio_stream_end' }
  | {
      readonly type: 'interrupt';
      readonly turnId: string;
      readonly playedMs: number;
      readonly heardText: string;
    }
  | {
      readonly type: 'image';
      readonly data: string;
      readonly mimeType: string;
      readonly caption?: string;
    }
  | { readonly type: 'tool_result'; readonly callId: string; readonly result: unknown };

/** A message that was understood, or what was wrong with it: a kind for the log, without anything of its content. */
export type Parsed = { readonly message: AgentMessage } | { readonly problem: string };

/** Reads one message of a remote agent. Never throws. */
export function parseAgentMessage(data: Buffer): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(data.toString('utf8'));
  } catch {
    return { problem: 'not JSON' };
  }
  const parsed = agentMessage.safeParse(json);
  if (parsed.success) return { message: parsed.data };
  const type = typeOf(json);
  if (type === undefined) return { problem: 'not an object with a type' };
  const [issue] = parsed.error.issues;
  if (issue?.code === 'invalid_union' && issue.path[0] === 'type') return { problem: `unknown type ${type}` };
  return { problem: `${type}: ${issue?.path.join('.')}: ${issue?.message}` };
}

function typeOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('type' in json)) return undefined;
  return typeof json.type === 'string' ? json.type.slice(0, 40) : undefined;
}

function fitsJson(value: unknown): boolean {
  try {
    return (JSON.stringify(value) ?? '').length <= MAX_ARGUMENTS_CHARS;
  } catch {
    return false; // nested deeper than can be written again
  }
}
