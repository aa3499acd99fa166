import { concatPcm, msToSamples } from '../../audio/pcm.ts';
import { SampleQueue } from '../../audio/sample-queue.ts';
import { VOICE_FRAME_MS, VoiceActivity } from '../../audio/voice-activity.ts';

/** Sound kept from before speech was noticed: its first consonant. */
const PRE_ROLL_MS = 300;

/** Silence left at the end of an utterance. */
const TAIL_MS = 250;

/** An utterance is over after this long, whether its speaker thinks so or not. */
const MAX_UTTERANCE_MS = 30_000;

/** What the {@link Ear} notices. */
export interface EarListener {
  /** Somebody has begun to speak. */
  onSpeech(): void;
  /** Somebody has finished; `pcm` is what they said. */
  onUtterance(pcm: Int16Array): void;
}

/** Cuts a microphone's sound into utterances. One per conversation; holds at most half a minute of sound. */
export class Ear {
  readonly #listener: EarListener;
  readonly #activity = new VoiceActivity();
  readonly #frameLength: number;
  readonly #sampleRate: number;
  readonly #incoming = new SampleQueue();
  /** The pre-roll while it is quiet; the utterance while somebody speaks. */
  #frames: Int16Array[] = [];

  constructor(sampleRate: number, listener: EarListener) {
    this.#sampleRate = sampleRate;
    this.#frameLength = msToSamples(VOICE_FRAME_MS, sampleRate);
    this.#listener = listener;
  }

  /** The next sound, any size. */
  push(pcm: Int16Array): void {
    this.#incoming.push(pcm);
    while (this.#incoming.length >= this.#frameLength) this.#hear(this.#incoming.take(this.#frameLength));
  }

  /** The microphone was closed: what was being said is all. */
  end(): void {
    this.#incoming.clear();
    this.#cutOff();
  }

  #hear(frame: Int16Array): void {
    const change = this.#activity.push(frame);
    this.#frames.push(frame);
    if (change === 'speech_started') this.#listener.onSpeech();
    else if (change === 'speech_ended') this.#finish();
    else if (!this.#activity.speaking) this.#keepLast(PRE_ROLL_MS);
    else if (this.#frames.length * VOICE_FRAME_MS >= MAX_UTTERANCE_MS) this.#cutOff();
  }

  /** Ends what is being said; sound that waits belongs to the next utterance. */
  #cutOff(): void {
    if (this.#activity.end() === 'speech_ended') this.#finish();
    this.#frames = [];
  }

  #finish(): void {
    const silent = msToSamples(this.#activity.trailingSilenceMs - TAIL_MS, this.#sampleRate);
    const utterance = concatPcm(this.#frames);
    this.#frames = [];
    this.#listener.onUtterance(utterance.subarray(0, utterance.length - Math.max(0, silent)));
  }

  #keepLast(ms: number): void {
    if (this.#frames.length * VOICE_FRAME_MS > ms) this.#frames.shift();
  }
}
