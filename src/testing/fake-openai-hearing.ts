import { msToSamples, samplesToMs } from '../audio/pcm.ts';
import { SampleQueue } from '../audio/sample-queue.ts';
import { VOICE_FRAME_MS, VoiceActivity } from '../audio/voice-activity.ts';

const SAMPLE_RATE = 24_000;

/** What the fake's ear notices; times are of the sound, not of any clock, as in the real API. */
export interface HearingListener {
  onSpeech(audioStartMs: number): void;
  /** It has been quiet for long enough: the user's turn is over. */
  onSilence(audioEndMs: number): void;
}

/** The fake's turn detection: finds speech by loudness, and its end by `silenceMs` of quiet sound. */
export class FakeHearing {
  readonly #listener: HearingListener;
  readonly #activity = new VoiceActivity();
  readonly #incoming = new SampleQueue();
  #heardMs = 0;
  #speaking = false;
  #quietMs = 0;

  constructor(listener: HearingListener) {
    this.#listener = listener;
  }

  /** More of the user's sound, and how much quiet ends a turn now. */
  push(pcm: Int16Array, silenceMs: number): void {
    const frameLength = msToSamples(VOICE_FRAME_MS, SAMPLE_RATE);
    this.#incoming.push(pcm);
    while (this.#incoming.length >= frameLength) this.#hear(this.#incoming.take(frameLength), silenceMs);
  }

  #hear(frame: Int16Array, silenceMs: number): void {
    const change = this.#activity.push(frame);
    this.#heardMs += samplesToMs(frame.length, SAMPLE_RATE);
    this.#quietMs =
      this.#activity.speaking && this.#activity.trailingSilenceMs === 0 ? 0 : this.#quietMs + VOICE_FRAME_MS;
    if (change === 'speech_started' && !this.#speaking) {
      this.#speaking = true;
      this.#quietMs = 0;
      this.#listener.onSpeech(this.#heardMs);
    } else if (this.#speaking && this.#quietMs >= silenceMs) {
      this.#speaking = false;
      this.#listener.onSilence(this.#heardMs - this.#quietMs);
    }
  }
}
