import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { BLENDSHAPES } from './blendshapes.ts';
import type { ServerMessage } from './server-message-types.ts';
import { VISEMES } from './visemes.ts';

const timestamp = z.int().describe('Unix milliseconds');
const sessionId = z.string().describe('The same in every message of a connection');
const turnId = z.string().describe('Names the answer');
const itemId = z.exactOptional(z.string()).describe("The agent's own name for what was said");
const base64 = z.string().meta({ contentEncoding: 'base64' });
const sampleRate = z.int().describe('Hz');
const role = z.enum(['user', 'assistant']).describe('Who said it');
const weights = shares(BLENDSHAPES);
const visemes = shares(VISEMES);

/**
 * Every message this server sends, by its `type`: what docs/asyncapi.yaml is made of. Nothing is checked against them while
 * the server runs; tests do, and hold them equal to the types (server-message-types.ts), which the client library shares.
 */
export const SERVER_MESSAGE_SCHEMAS = {
  config: z
    .object({
      type: z.literal('config'),
      audio: z.object({ inputSampleRate: sampleRate, outputSampleRate: sampleRate }),
    })
    .describe('Sent first on every connection: the sample rates of both directions'),
  avatar_state: z
    .object({
      type: z.literal('avatar_state'),
      state: z.enum(['Listening', 'Thinking', 'Responding']),
      timestamp,
    })
    .describe('What the avatar is doing has changed'),
  audio_start: z
    .object({
      type: z.literal('audio_start'),
      sessionId,
      turnId,
      sampleRate,
      format: z.literal('audio/pcm16'),
      timestamp,
    })
    .describe('An answer begins; its frames follow'),
  sync_frame: z
    .object({
      type: z.literal('sync_frame'),
      weights: z.object(weights).describe('The 52 ARKit blendshapes, rounded to four decimals'),
      visemes: z.exactOptional(z.object(visemes)).describe('The 15 Oculus visemes (only with FACE_VISEMES)'),
      audio: base64.describe('16-bit little-endian mono PCM of one frame'),
      sessionId,
      turnId,
      frameIndex: z.int().min(0).describe('From 0, without gaps'),
      filler: z.exactOptional(z.literal(true)).describe('Silence put in because the agent paused'),
      timestamp,
    })
    .describe('A 30th of a second (by default) of sound, and the face that goes with it'),
  audio_chunk: z
    .object({ type: z.literal('audio_chunk'), data: base64, sessionId, turnId, timestamp })
    .describe('Sound without a face: takes the place of sync_frame where the face is switched off'),
  audio_end: z
    .object({ type: z.literal('audio_end'), sessionId, turnId, timestamp })
    .describe('The last frame of an answer has been sent'),
  transcript_delta: z
    .object({
      type: z.literal('transcript_delta'),
      role,
      text: z.string().describe('One whole word; a leading space on all but the first'),
      sessionId,
      turnId,
      startOffset: z.int().describe("Where it begins in the answer's playback, in milliseconds"),
      endOffset: z.int().describe('Where it ends'),
      itemId,
      timestamp,
    })
    .describe('A word, as it is spoken'),
  transcript_done: z
    .object({
      type: z.literal('transcript_done'),
      role,
      text: z.string(),
      sessionId,
      turnId,
      interrupted: z.exactOptional(z.literal(true)).describe('The text is only what can have been heard'),
      itemId,
      timestamp,
    })
    .describe('All that was said in an answer, or by the user'),
  interrupt: z
    .object({
      type: z.literal('interrupt'),
      sessionId,
      turnId,
      offsetMs: z.int().describe('How much of it the client can have played'),
      timestamp,
    })
    .describe('The answer that is being played is cut off'),
  trigger_action: z
    .object({
      type: z.literal('trigger_action'),
      function_name: z.string(),
      arguments: z.unknown(),
      callId: z.string().describe('For the `action_result`, where the tool waits for one'),
      timestamp,
    })
    .describe('The model wants something done in the page'),
  error: z
    .object({
      type: z.literal('error'),
      code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]).describe('docs/errors.md'),
      message: z.string().describe('For people'),
      retryAfterMs: z.exactOptional(z.number()).describe('When trying again makes sense'),
      timestamp,
    })
    .describe('Something went wrong; the connection lives on, unless a close follows'),
  pong: z.object({ type: z.literal('pong'), timestamp }).describe('The answer to ping'),
} as const;

/** A number from 0 to 1 for each name. */
function shares<Name extends string>(names: readonly Name[]): Record<Name, z.ZodNumber> {
  return Object.fromEntries(names.map((name) => [name, z.number().min(0).max(1)])) as Record<
    Name,
    z.ZodNumber
  >;
}

/** Turns a message into the text of one WebSocket frame. */
export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message);
}
