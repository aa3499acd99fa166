import { BLENDSHAPES, VISEMES } from './blendshapes.ts';
import type { TellFault } from './fault.ts';
import type { AvatarState, Frame, Role, ServerMessage } from './messages.ts';
import { base64Bytes, decodePcm } from './pcm.ts';

/** Longer texts (characters) are not looked at: a frame has some 4,000. */
const MAX_MESSAGE_CHARS = 2 * 1024 * 1024;

/** Where a server does not say its rates (Hz), it means this. */
const USUAL_RATE = 24_000;

/** Rates (Hz) of sound that every browser can play or resample. */
const LOWEST_RATE = 3000;
const HIGHEST_RATE = 384_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what came over the socket. Whatever it is, nothing is thrown: what is wrong is told, and what cannot be used
 * is undefined.
 */
export function readServerMessage(data: unknown, fault: TellFault): ServerMessage | undefined {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE_CHARS) {
    fault('not_text', typeof data === 'string' ? `${data.length} characters` : 'a binary frame');
    return undefined;
  }
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    fault('not_json', data.slice(0, 80));
    return undefined;
  }
  if (!isFields(json) || typeof json['type'] !== 'string') {
    fault('not_a_message', data.slice(0, 80));
    return undefined;
  }
  const { type } = json;
  if (!Object.hasOwn(READERS, type)) {
    fault('unknown_type', type.slice(0, 80));
    return undefined;
  }
  const message = READERS[type as keyof typeof READERS](json, fault);
  if (message === undefined) fault('bad_field', data.slice(0, 200));
  return message;
}

type Reader = (fields: Fields, fault: TellFault) => ServerMessage | undefined;

const READERS = {
  config: ({ audio }) => {
    const rates = isFields(audio) ? audio : {};
    const { inputSampleRate = USUAL_RATE, outputSampleRate = USUAL_RATE } = rates as Fields;
    if (!isRate(inputSampleRate) || !isRate(outputSampleRate)) return undefined;
    return { type: 'config', audio: { inputSampleRate, outputSampleRate } };
  },
  avatar_state: ({ state }) => {
    if (typeof state !== 'string') return undefined;
    return { type: 'avatar_state', state: STATES[state.toLowerCase()] ?? 'Listening' };
  },
  audio_start: ({ turnId, sampleRate = USUAL_RATE }) => {
    if (!isId(turnId) || !isRate(sampleRate)) return undefined;
    return { type: 'audio_start', turnId, sampleRate };
  },
  sync_frame: (fields, fault) => readFrame(fields, fields['audio'], fault),
  audio_chunk: (fields, fault) => readFrame(fields, fields['data'], fault),
  audio_end: ({ turnId }) => (isId(turnId) ? { type: 'audio_end', turnId } : undefined),
  transcript_delta: ({ role, text, turnId, startOffset = 0, endOffset = startOffset }) => {
    if (!isRole(role) || typeof text !== 'string' || !isId(turnId)) return undefined;
    if (!isNumber(startOffset) || !isNumber(endOffset)) return undefined;
    return { type: 'transcript_delta', role, text, turnId, startOffset, endOffset };
  },
  transcript_done: ({ role, text, turnId, interrupted }) => {
    if (!isRole(role) || typeof text !== 'string') return undefined;
    const cut = interrupted === true ? ({ interrupted } as const) : {};
    // A user's words may belong to no turn.
    return { type: 'transcript_done', role, text, turnId: isId(turnId) ? turnId : '', ...cut };
  },
  interrupt: ({ turnId, offsetMs = 0 }) =>
    isId(turnId) && isNumber(offsetMs) ? { type: 'interrupt', turnId, offsetMs } : undefined,
  trigger_action: ({ function_name, arguments: args = {}, callId = '' }) => {
    if (!isId(function_name) || typeof callId !== 'string') return undefined;
    return { type: 'trigger_action', function_name, arguments: args, callId };
  },
  error: ({ code, message = '', retryAfterMs }) => {
    if (typeof code !== 'string' || typeof message !== 'string') return undefined;
    const wait = isNumber(retryAfterMs) && retryAfterMs >= 0 ? { retryAfterMs } : {};
    return { type: 'error', code, message, ...wait };
  },
  pong: () => ({ type: 'pong' }),
} satisfies Record<string, Reader>;

/** Other servers of this protocol say these, too. */
const STATES: Readonly<Record<string, AvatarState>> = {
  idle: 'Listening',
  listening: 'Listening',
  thinking: 'Thinking',
  processing: 'Thinking',
  responding: 'Responding',
};

function readFrame(fields: Fields, audio: unknown, fault: TellFault): Frame | undefined {
  const { turnId, frameIndex, filler } = fields;
  if (!isId(turnId) || typeof audio !== 'string') return undefined;
  // A frame without sound keeps its place: silence stands in for it.
  const pcm = decodePcm(audio) ?? new Int16Array(0);
  if (pcm.length === 0) fault('bad_sound', 'no sound that can be read');
  else if (base64Bytes(audio) % 2 !== 0) fault('bad_sound', 'an odd number of bytes');
  const isPlace = Number.isSafeInteger(frameIndex) && (frameIndex as number) >= 0;
  if (frameIndex !== undefined && !isPlace) fault('bad_field', 'frameIndex');
  return {
    type: 'sync_frame',
    turnId,
    frameIndex: isPlace ? (frameIndex as number) : undefined,
    weights: readWeights(fields['weights'] ?? {}, BLENDSHAPES, fault),
    visemes: isFields(fields['visemes']) ? readWeights(fields['visemes'], VISEMES, fault) : undefined,
    pcm,
    filler: filler === true,
  };
}

/** The known names with what is a number, held within 0 to 1. A list is in the order of the names. */
function readWeights<Name extends string>(
  from: unknown,
  names: readonly Name[],
  fault: TellFault,
): Partial<Record<Name, number>> {
  const weights: Partial<Record<Name, number>> = {};
  if (!isFields(from) && !Array.isArray(from)) {
    fault('bad_weights', String(from).slice(0, 80));
    return weights;
  }
  let wrong = '';
  names.forEach((name, index) => {
    const value: unknown = Array.isArray(from) ? from[index] : from[name];
    if (value === undefined) return;
    if (isNumber(value)) weights[name] = Math.max(0, Math.min(1, value));
    else wrong = name;
  });
  if (wrong !== '') fault('bad_weights', wrong);
  return weights;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 256;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isRate(value: unknown): value is number {
  return isNumber(value) && value >= LOWEST_RATE && value <= HIGHEST_RATE && Number.isInteger(value);
}

function isRole(value: unknown): value is Role {
  return value === 'user' || value === 'assistant';
}
