import { BLENDSHAPES } from '../client/src/index.js';
import type { Direction } from './message-log.js';
import { recordedTurns } from './recorded-turns.js';
import {
  MOST_RECORDED_CHARS,
  MOST_RECORDED_MESSAGES,
  MOST_RECORDED_MS,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedEvent,
  type RecordedMessage,
  type Recording,
} from './recording.js';

/** Why a file cannot be played. */
export type FileProblem =
  | 'too_large'
  | 'not_json'
  | 'not_a_recording'
  | 'other_version'
  | 'damaged'
  /** There is no answer in it. */
  | 'empty';

/** What became of reading a file. */
export type ReadRecording =
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'problem'; readonly problem: FileProblem };

/** A file larger than this (bytes) is not read: twice what a recording may hold, for quotes and names. */
export const LARGEST_FILE_BYTES = 2 * MOST_RECORDED_CHARS;

/** Longer than any message that is looked at (characters). */
const LONGEST_MESSAGE = 2 * 1024 * 1024;

/** Rates (Hz) that can be played. */
const LOWEST_RATE = 3000;
const HIGHEST_RATE = 384_000;

const EVENT_KINDS: readonly unknown[] = ['first_sound', 'underrun', 'ended', 'cut'];

/**
 * A recording as a file. `messages` and `events` are what was recorded; `turns` is made of them, for whoever wants
 * to draw or compare: reading a file does not look at it.
 */
export function writeRecording(recording: Recording): string {
  const { messages, events, ...meta } = recording;
  const turns = recordedTurns(recording).map(({ turnId, sampleRate, frames, words }) => ({
    ...{ turnId, sampleRate, words },
    frames: frames.map(({ pcm, ...frame }) => ({ ...frame, samples: pcm.length })),
  }));
  return JSON.stringify({
    ...{ format: RECORDING_FORMAT, version: RECORDING_VERSION, meta },
    ...{ messages, events, weightNames: BLENDSHAPES, turns },
  });
}

/** Reads a file of whatever origin. It never throws: what is not a recording, whole and within bounds, is a problem. */
export function readRecording(text: string): ReadRecording {
  if (text.length > LARGEST_FILE_BYTES) return problem('too_large');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return problem('not_json');
  }
  if (!isFields(json) || json['format'] !== RECORDING_FORMAT) return problem('not_a_recording');
  if (json['version'] !== RECORDING_VERSION) return problem('other_version');
  const recording = readBody(json);
  if (typeof recording === 'string') return problem(recording);
  const speaks = recordedTurns(recording).some(({ frames }) => frames.length > 0);
  return speaks ? { kind: 'recording', recording } : problem('empty');
}

function readBody({ meta, messages, events }: Fields): Recording | FileProblem {
  if (!isFields(meta) || !Array.isArray(messages) || !Array.isArray(events)) return 'damaged';
  if (messages.length > MOST_RECORDED_MESSAGES || events.length > MOST_RECORDED_MESSAGES) return 'too_large';
  const { recordedAt, durationMs, inputSampleRate, outputSampleRate } = meta;
  if (typeof recordedAt !== 'string' || Number.isNaN(Date.parse(recordedAt))) return 'damaged';
  if (!isTime(durationMs) || !isRate(inputSampleRate) || !isRate(outputSampleRate)) return 'damaged';
  if (!messages.every(isMessage) || !inOrder(messages)) return 'damaged';
  if (!events.every(isEvent) || !inOrder(events)) return 'damaged';
  return {
    ...{ recordedAt: recordedAt.slice(0, 40), durationMs, inputSampleRate, outputSampleRate },
    messages: messages.map(({ atMs, direction, data }) => ({ atMs, direction, data })),
    events,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function problem(which: FileProblem): ReadRecording {
  return { kind: 'problem', problem: which };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMessage(value: unknown): value is RecordedMessage {
  if (!isFields(value)) return false;
  const { atMs, direction, data } = value;
  return isTime(atMs) && isDirection(direction) && typeof data === 'string' && data.length <= LONGEST_MESSAGE;
}

function isEvent(value: unknown): value is RecordedEvent {
  if (!isFields(value)) return false;
  const { atMs, kind, turnId, heardMs } = value;
  const ends = kind === 'ended' || kind === 'cut';
  const known = isTime(atMs) && EVENT_KINDS.includes(kind) && typeof turnId === 'string';
  return known && (ends ? Number.isFinite(heardMs) : heardMs === undefined);
}

function isDirection(value: unknown): value is Direction {
  return value === 'sent' || value === 'received';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST_RECORDED_MS;
}

function isRate(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= LOWEST_RATE && Number(value) <= HIGHEST_RATE;
}

function inOrder(things: readonly { readonly atMs: number }[]): boolean {
  return things.every(({ atMs }, at) => at === 0 || atMs >= (things[at - 1]?.atMs ?? 0));
}
