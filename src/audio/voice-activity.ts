import { rms, toDbfs } from './pcm.ts';

/** What {@link VoiceActivity} noticed in a frame. */
export type VoiceChange = 'speech_started' | 'speech_ended';

/** Length of the frames {@link VoiceActivity} looks at, in milliseconds. */
export const VOICE_FRAME_MS = 20;

/** Silence after which an utterance is over, in milliseconds: longer than a pause for breath or a stop consonant. */
const HANGOVER_MS = 600;

/** Of the last five frames this many must be loud before speech is believed: a click lasts one or two. */
const LOUD_FRAMES_TO_START = 4;
const START_WINDOW = 5;

/** Louder than the noise by this much (dB) counts as loud; within an utterance less is enough (hysteresis). */
const START_ABOVE_NOISE_DB = 12;
const STAY_ABOVE_NOISE_DB = 7;

/** Below this (dBFS) nothing is speech, however quiet the room. */
const SILENCE_DBFS = -50;

/** The least noise worth knowing (dBFS): less changes no threshold, and digital silence would take long to unlearn. */
const LEAST_NOISE_DBFS = SILENCE_DBFS - START_ABOVE_NOISE_DB;

/** How fast the noise estimate may rise, in dB per frame: 2 dB/s, so speech does not become noise, but a fan does. */
const NOISE_RISE_DB = 0.04;

/**
 * Finds where someone speaks, by loudness over a noise floor that follows the room: falls at once with quiet, rises
 * slowly. One per microphone; not shared.
 */
export class VoiceActivity {
  #noiseDbfs = LEAST_NOISE_DBFS;
  #recentLoud: boolean[] = [];
  #quietMs = 0;
  #speaking = false;

  /** Whether someone is speaking now. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** How long it has been quiet within the utterance, or was at its end, in milliseconds. */
  get trailingSilenceMs(): number {
    return this.#quietMs;
  }

  /** Looks at one frame of {@link VOICE_FRAME_MS} at any sample rate. */
  push(frame: Int16Array): VoiceChange | undefined {
    const levelDbfs = toDbfs(rms(frame));
    const noiseDbfs =
      levelDbfs < this.#noiseDbfs
        ? this.#noiseDbfs + 0.3 * (levelDbfs - this.#noiseDbfs)
        : Math.min(levelDbfs, this.#noiseDbfs + NOISE_RISE_DB);
    this.#noiseDbfs = Math.max(LEAST_NOISE_DBFS, noiseDbfs);
    return this.#speaking ? this.#whileSpeaking(levelDbfs) : this.#whileQuiet(levelDbfs);
  }

  /** The microphone was closed: an utterance that was running is over. */
  end(): VoiceChange | undefined {
    if (!this.#speaking) return undefined;
    return this.#stop();
  }

  #whileQuiet(levelDbfs: number): VoiceChange | undefined {
    const loud = levelDbfs > Math.max(SILENCE_DBFS, this.#noiseDbfs + START_ABOVE_NOISE_DB);
    this.#recentLoud.push(loud);
    if (this.#recentLoud.length > START_WINDOW) this.#recentLoud.shift();
    if (this.#recentLoud.filter(Boolean).length < LOUD_FRAMES_TO_START) return undefined;
    this.#speaking = true;
    this.#quietMs = 0;
    return 'speech_started';
  }

  #whileSpeaking(levelDbfs: number): VoiceChange | undefined {
    const loud = levelDbfs > Math.max(SILENCE_DBFS, this.#noiseDbfs + STAY_ABOVE_NOISE_DB);
    this.#quietMs = loud ? 0 : this.#quietMs + VOICE_FRAME_MS;
    return this.#quietMs >= HANGOVER_MS ? this.#stop() : undefined;
  }

  #stop(): VoiceChange {
    this.#speaking = false;
    this.#recentLoud = [];
    return 'speech_ended';
  }
}
