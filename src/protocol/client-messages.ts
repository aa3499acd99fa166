import { z } from 'zod';
import { ProtocolError } from '../errors.ts';
import { isStrictBase64 } from './base64.ts';
import { checkImage, IMAGE_TYPES, type ImageType } from './images.ts';
import { structureBytes } from './json-structure.ts';
import { SAMPLE_RATES } from './sample-rates.ts';

/** Messages of this many bytes or more are answered with `message_too_large`; only a picture may be larger. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** A picture's message may have this many bytes, if its `type` is its first field: it is told before it is read. */
export const MAX_IMAGE_MESSAGE_BYTES = 1024 * 1024;
const BEGINS_AS_IMAGE = /^\s*\{\s*"type"\s*:\s*"image"/;

/** Around the picture there may be so much; a caption of nothing but quotation marks has 1,000. Megabytes of brackets take a second. */
const MAX_AROUND_IMAGE_BYTES = 4096;

/** A picture's caption may have so many characters. */
const MAX_CAPTION_CHARS = 1000;

/** Typed text longer than this many characters is answered with `text_too_long`. */
export const MAX_TEXT_CHARS = 4000;

const id = z.string().max(256);
const base64 = z.string().meta({ contentEncoding: 'base64' });

const text = z
  .object({
    type: z.literal('text'),
    data: z.string().min(1).describe(`At most ${MAX_TEXT_CHARS} characters`),
    userId: id.optional().describe('A text without it is echoed as transcript_done, as the widget expects'),
  })
  .describe('The user has typed something; what is being said is cut off');
const audioStreamStart = z
  .object({
    type: z.literal('audio_stream_start'),
    userId: id.optional(),
    sampleRate: z.literal(SAMPLE_RATES).optional().describe('Hz; without it as `config` said'),
  })
  .describe('The microphone opens');
const audio = z
  .object({ type: z.literal('audio'), data: base64.describe('16-bit little-endian mono PCM, any length') })
  .describe('Sound of the microphone; a binary message of the same PCM does the same');
const audioStreamEnd = z
  .object({ type: z.literal('audio_stream_end') })
  .describe('The microphone closes: what was said is all');
const interrupt = z.object({ type: z.literal('interrupt') }).describe('Stop what is being said');
const image = z
  .object({
    type: z.literal('image').describe('Must be the first field of a message of 64 KiB or more'),
    data: base64,
    mimeType: z.enum(IMAGE_TYPES),
    caption: z.string().max(MAX_CAPTION_CHARS).optional(),
  })
  .describe('A picture for an agent that can see');
const playback = z
  .object({ type: z.literal('playback'), turnId: id, playedMs: z.number().min(0).max(86_400_000) })
  .describe('How much of an answer has been played; makes what was heard exact');
const actionResult = z
  .object({ type: z.literal('action_result'), callId: id, result: z.unknown() })
  .describe('What became of a trigger_action');
const ping = z.object({ type: z.literal('ping') }).describe('Asks for a pong');

/** The schema of each JSON message, by its `type`. Unknown fields are dropped. */
export const CLIENT_MESSAGE_SCHEMAS = {
  text,
  audio_stream_start: audioStreamStart,
  audio,
  audio_stream_end: audioStreamEnd,
  interrupt,
  image,
  playback,
  action_result: actionResult,
  ping,
} as const;

/** A message from the browser after checking. Sound is decoded; `pcm` is the caller's to keep. */
export type ClientMessage =
  | z.infer<typeof text>
  | z.infer<typeof audioStreamStart>
  | { readonly type: 'audio'; readonly pcm: Int16Array }
  | z.infer<typeof audioStreamEnd>
  | z.infer<typeof interrupt>
  | {
      readonly type: 'image';
      readonly bytes: Uint8Array;
      readonly mimeType: ImageType;
      readonly caption?: string | undefined;
    }
  | z.infer<typeof playback>
  | z.infer<typeof actionResult>
  | z.infer<typeof ping>;

/**
 * Reads one WebSocket message: JSON text, or binary PCM (signed 16-bit little-endian mono), which counts as `audio`.
 *
 * @throws ProtocolError and nothing else, whatever the bytes are.
 */
export function parseClientMessage(data: Buffer, isBinary: boolean): ClientMessage {
  if (data.byteLength >= limitFor(data, isBinary)) {
    throw new ProtocolError('message_too_large', `message of ${data.byteLength} bytes`);
  }
  if (isBinary) return { type: 'audio', pcm: decodePcm(data) };

  const json = parseJson(data.toString('utf8'));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ProtocolError('invalid_message', 'not an object', {
      publicMessage: 'A message must be a JSON object.',
    });
  }
  const type: unknown = Object.hasOwn(json, 'type') ? (json as { type: unknown }).type : undefined;
  if (typeof type !== 'string') {
    throw new ProtocolError('invalid_message', 'no type', {
      publicMessage: 'A message must have a `type` string.',
    });
  }
  if (!isKnownType(type)) {
    throw new ProtocolError('unknown_type', 'unknown type', {
      publicMessage: `Unknown message type; known are ${Object.keys(CLIENT_MESSAGE_SCHEMAS).join(', ')}.`,
    });
  }

  const checked = CLIENT_MESSAGE_SCHEMAS[type].safeParse(json);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0] ?? { path: [], message: 'invalid' };
    throw new ProtocolError('invalid_message', `invalid ${type} message`, {
      publicMessage: `${type}: ${path.join('.')}: ${message}`,
    });
  }
  const message = checked.data;
  if (message.type === 'audio')
    return { type: 'audio', pcm: decodePcm(decodeBase64(message.data, 'invalid_audio')) };
  if (message.type === 'image') {
    const { mimeType, caption } = message;
    const bytes = decodeBase64(message.data, 'invalid_image');
    checkImage(bytes, mimeType);
    return { type: 'image', bytes, mimeType, caption };
  }
  if (message.type === 'text' && message.data.length > MAX_TEXT_CHARS) {
    throw new ProtocolError('text_too_long', `text of ${message.data.length} characters`);
  }
  return message;
}

function limitFor(data: Buffer, isBinary: boolean): number {
  if (isBinary || data.byteLength < MAX_MESSAGE_BYTES) return MAX_MESSAGE_BYTES;
  const image =
    BEGINS_AS_IMAGE.test(data.toString('latin1', 0, 100)) &&
    structureBytes(data, MAX_AROUND_IMAGE_BYTES) <= MAX_AROUND_IMAGE_BYTES;
  return image ? MAX_IMAGE_MESSAGE_BYTES : MAX_MESSAGE_BYTES;
}

function isKnownType(type: string): type is keyof typeof CLIENT_MESSAGE_SCHEMAS {
  return Object.hasOwn(CLIENT_MESSAGE_SCHEMAS, type);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // The engine's error quotes the text, which has no place in a log.
    throw new ProtocolError('not_json', 'not JSON');
  }
}

function decodeBase64(data: string, otherwise: 'invalid_audio' | 'invalid_image'): Buffer {
  if (!isStrictBase64(data)) throw new ProtocolError(otherwise, 'not strict base64');
  return Buffer.from(data, 'base64');
}

/** Copies the bytes: a Buffer may sit at an odd offset of a shared pool, where an Int16Array cannot. */
function decodePcm(bytes: Buffer): Int16Array {
  if (bytes.byteLength === 0) throw new ProtocolError('invalid_audio', 'no sound');
  if (bytes.byteLength % 2 !== 0) throw new ProtocolError('invalid_audio', 'odd number of bytes');
  return new Int16Array(new Uint8Array(bytes).buffer);
}
