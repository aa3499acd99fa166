import { encodePcm } from '../../../client/src/wire/pcm.ts';
import type { RecordedMessage, Recording } from '../../../web/developer/recording.ts';

export const RATE = 24_000;

/** Samples of a frame of a thirtieth of a second. */
export const FRAME_SAMPLES = RATE / 30;

/** A frame's sound: every sample is known from the others. */
export function soundOf(turn: number, place: number): Int16Array {
  return Int16Array.from(
    { length: FRAME_SAMPLES },
    (_, at) => ((turn * 31 + place * FRAME_SAMPLES + at) % 20_000) - 9_999,
  );
}

/** A recording of answers of so many frames, each with words; `jawOpen` says which frame it is. */
export function recordingOf(frameCounts: readonly number[]): Recording {
  const messages: RecordedMessage[] = [];
  let atMs = 5;
  const say = (message: object) => {
    messages.push({ atMs, direction: 'received', data: JSON.stringify(message) });
  };
  frameCounts.forEach((count, turn) => {
    const turnId = `turn-${turn}`;
    messages.push({ atMs, direction: 'sent', data: '{"type":"text","data":"Hello"}' });
    atMs += 20;
    say({ type: 'audio_start', sessionId: 's', turnId, sampleRate: RATE });
    say({
      type: 'transcript_delta',
      role: 'assistant',
      turnId,
      text: 'Hello',
      startOffset: 0,
      endOffset: 60,
    });
    for (let place = 0; place < count; place += 1) {
      const weights = { jawOpen: place / 1000, mouthClose: 0.25 };
      say({ type: 'sync_frame', turnId, frameIndex: place, weights, audio: encodePcm(soundOf(turn, place)) });
      atMs += 2;
    }
    say({ type: 'audio_end', turnId });
    say({ type: 'transcript_done', role: 'assistant', turnId, text: 'Hello' });
    atMs += 50;
  });
  return {
    recordedAt: '2026-01-02T03:04:05.678Z',
    durationMs: atMs,
    ...{ inputSampleRate: RATE, outputSampleRate: RATE, messages, events: [] },
  };
}
