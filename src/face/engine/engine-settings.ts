import { FULL_SIZE_PACE, type WindowPace } from './window-pace.ts';

/** How the face engine treats what the model says. */
export interface EngineSettings {
  /** The hop aimed at while sound comes in real time, in milliseconds (100..2000). */
  readonly hopMs: number;
  readonly pace: WindowPace;
  /** Last frames of a window that are made again once their future is heard (0..6). */
  readonly holdBackFrames: number;
  /** Below this (dBFS, -80..-20) the mouth closes; undefined: the model alone decides. */
  readonly silenceDbfs: number | undefined;
  /** Whether jitter is smoothed away. */
  readonly smoothing: boolean;
  /** Whether left and right move alike. */
  readonly symmetry: boolean;
  /** How far the lips are helped to close at p, b and m: 0 not at all, 1 wholly. */
  readonly closureSharpening: number;
}

/** What suits the full-size model as it is published. */
export const ENGINE_DEFAULTS: EngineSettings = Object.freeze({
  hopMs: 500,
  pace: FULL_SIZE_PACE,
  holdBackFrames: 3,
  silenceDbfs: -50,
  smoothing: true,
  symmetry: true,
  closureSharpening: 1,
});
