import type { Closures } from './measures/closures.ts';
import type { Contrasts } from './measures/contrasts.ts';
import type { Resemblance } from './measures/resemblance.ts';
import type { Stillness } from './measures/stillness.ts';
import type { Streaming } from './measures/streaming.ts';
import type { Track } from './track.ts';

/** What was measured of one contestant. What needs the recordings is undefined where they are absent. */
export interface Result {
  readonly name: string;
  readonly resemblance: Resemblance | undefined;
  readonly noisyMouth: number | undefined;
  readonly narrowMouth: number | undefined;
  readonly leadMs: number;
  readonly stillness: Stillness;
  readonly closures: Closures;
  readonly noisyClosures: Closures;
  readonly narrowClosures: Closures;
  /** Of real voices, where their sounds are there. */
  readonly librivoxClosures: Closures | undefined;
  readonly russianClosures: Closures | undefined;
  readonly contrasts: Contrasts;
  /** Share of frames with the right viseme, for those that tell visemes. */
  readonly visemeAccuracy: number | undefined;
  /** For those that work in windows. */
  readonly streaming: Streaming | undefined;
  /** Milliseconds of a core for a second of sound, where that can be told. */
  readonly cpuMsPerS: number | undefined;
  /** What it made of the synthetic speech, for the plots. */
  readonly tracks: readonly Track[];
}
