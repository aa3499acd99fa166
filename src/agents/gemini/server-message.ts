import type { LiveServerMessage } from '@google/genai';

/** A piece of sound as it came: base64, and Hz if it said so. */
export interface SoundPiece {
  readonly base64: string;
  readonly sampleRate: number | undefined;
}

/** A transcript's piece. `finished`: it says it was the last. */
export interface TextPiece {
  readonly text: string;
  readonly finished: boolean;
}

/** A call of a function. */
export interface FunctionCallPiece {
  readonly id: string | undefined;
  readonly name: string;
  readonly args: unknown;
}

/** What a message of the provider says, as far as it concerns a conversation. */
export interface ServerFacts {
  /** The user has begun to speak, says an explicit signal. */
  readonly userStarted: boolean;
  readonly userText: TextPiece | undefined;
  readonly interrupted: boolean;
  readonly sound: readonly SoundPiece[];
  /** Words of the answer's sound. */
  readonly spoken: TextPiece | undefined;
  readonly calls: readonly FunctionCallPiece[];
  readonly cancelledCalls: readonly string[];
  readonly generationComplete: boolean;
  readonly turnComplete: boolean;
  readonly goAway: boolean;
  /** A handle that resumes the conversation as it is now. */
  readonly resumeHandle: string | undefined;
  /** Names of what is not known here. */
  readonly unknown: readonly string[];
}

/** What a message can hold. */
const KNOWN: ReadonlySet<string> = new Set<keyof LiveServerMessage>([
  'setupComplete',
  'serverContent',
  'toolCall',
  'toolCallCancellation',
  'usageMetadata',
  'goAway',
  'sessionResumptionUpdate',
  'voiceActivityDetectionSignal',
  'voiceActivity',
]);

/**
 * Reads a message. It may have any shape: fields of a wrong type and fields nobody knows are as if they were not there.
 * Thoughts, and text that is not a transcript, are left out: they are not for the user. Pure.
 */
export function factsOf(message: unknown): ServerFacts {
  const root = fields(message);
  const content = fields(root['serverContent']);
  const resumption = fields(root['sessionResumptionUpdate']);
  const handle = text(resumption['newHandle']);
  return {
    userStarted: fields(root['voiceActivity'])['voiceActivityType'] === 'ACTIVITY_START',
    userText: textPiece(content['inputTranscription']),
    interrupted: content['interrupted'] === true,
    sound: list(fields(content['modelTurn'])['parts']).flatMap(soundOf),
    spoken: textPiece(content['outputTranscription']),
    calls: list(fields(root['toolCall'])['functionCalls']).flatMap(callOf),
    cancelledCalls: list(fields(root['toolCallCancellation'])['ids']).filter((id) => typeof id === 'string'),
    generationComplete: content['generationComplete'] === true,
    turnComplete: content['turnComplete'] === true,
    goAway: typeof root['goAway'] === 'object' && root['goAway'] !== null,
    resumeHandle: resumption['resumable'] === true && handle !== '' ? handle : undefined,
    unknown: Object.keys(root).filter((name) => !KNOWN.has(name)),
  };
}

function soundOf(part: unknown): SoundPiece[] {
  const { thought, inlineData } = fields(part);
  const { data, mimeType } = fields(inlineData);
  if (thought === true || typeof data !== 'string' || !text(mimeType)?.startsWith('audio/')) return [];
  const rate = /;\s*rate=(\d{4,6})\b/.exec(text(mimeType) ?? '')?.[1];
  return [{ base64: data, sampleRate: rate === undefined ? undefined : Number(rate) }];
}

function callOf(call: unknown): FunctionCallPiece[] {
  const { id, name, args } = fields(call);
  return typeof name === 'string' ? [{ id: text(id), name, args: args ?? {} }] : [];
}

function textPiece(transcription: unknown): TextPiece | undefined {
  const piece = fields(transcription);
  const words = text(piece['text']);
  return words === undefined || words === ''
    ? undefined
    : { text: words, finished: piece['finished'] === true };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
