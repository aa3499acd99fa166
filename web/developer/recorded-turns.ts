import { BLENDSHAPES, type ServerMessage } from '../client/src/index.js';
import { readServerMessage } from '../client/src/wire/read-message.js';
import type { Recording } from './recording.js';

/** A frame of a recorded answer. */
export interface RecordedFrame {
  readonly frameIndex: number;
  /** Where its sound is in what was recorded of the turn, and when it came (ms). */
  readonly offsetMs: number;
  readonly atMs: number;
  readonly filler: boolean;
  /** In the order of the 52 names. */
  readonly weights: readonly number[];
  readonly pcm: Int16Array;
}

/** A word of a recorded answer. */
export interface RecordedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** An answer as the server sent it. */
export interface RecordedTurn {
  readonly turnId: string;
  readonly sampleRate: number;
  /** In order, each place once. */
  readonly frames: readonly RecordedFrame[];
  readonly words: readonly RecordedWord[];
}

interface Coming {
  readonly sampleRate: number;
  readonly frames: Map<number, Omit<RecordedFrame, 'offsetMs'>>;
  readonly words: RecordedWord[];
}

/** The answers in a recording, out of its messages as the client library reads them. */
export function recordedTurns({ messages }: Recording): RecordedTurn[] {
  const turns = new Map<string, Coming>();
  for (const { atMs, direction, data } of messages) {
    const message = direction === 'received' ? readServerMessage(data, () => undefined) : undefined;
    if (message !== undefined) take(message, atMs, turns);
  }
  return [...turns].map(([turnId, { sampleRate, frames, words }]) => ({
    ...{ turnId, sampleRate, words },
    frames: inOrder([...frames.values()], sampleRate),
  }));
}

function take(message: ServerMessage, atMs: number, turns: Map<string, Coming>): void {
  if (message.type === 'audio_start' && !turns.has(message.turnId)) {
    turns.set(message.turnId, { sampleRate: message.sampleRate, frames: new Map(), words: [] });
  }
  if (message.type === 'sync_frame') {
    const { turnId, pcm, weights, filler } = message;
    const turn = turns.get(turnId);
    const frameIndex = message.frameIndex ?? turn?.frames.size ?? 0;
    if (turn === undefined || turn.frames.has(frameIndex)) return;
    const values = BLENDSHAPES.map((name) => weights[name] ?? 0);
    turn.frames.set(frameIndex, { frameIndex, atMs, filler, weights: values, pcm });
  }
  if (message.type === 'transcript_delta') {
    const { text, startOffset, endOffset } = message;
    turns.get(message.turnId)?.words.push({ text, startMs: startOffset, endMs: endOffset });
  }
}

function inOrder(frames: readonly Omit<RecordedFrame, 'offsetMs'>[], sampleRate: number): RecordedFrame[] {
  let samples = 0;
  return frames
    .toSorted((a, b) => a.frameIndex - b.frameIndex)
    .map((frame) => {
      const offsetMs = (1000 * samples) / sampleRate;
      samples += frame.pcm.length;
      return { ...frame, offsetMs };
    });
}
