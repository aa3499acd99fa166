/** How a turn's sound is cut into windows: what suits the model, and what a window of it costs. */
export interface WindowPace {
  /** Frames of sound the first window of a turn waits for. */
  readonly firstFrames: number;
  /** The same where playback would be past those before a second window can follow. */
  readonly lateFirstFrames: number;
  /** The least new frames a window is run for before the turn ends, however pressing, so that haste has a bound. */
  readonly leastHopFrames: number;
  /** Frames of past sound before the first new frame, where the turn has so many; never over a quarter of a whole window. */
  readonly pastFrames: number;
  /** The same where windows follow each other in haste and are not whole: each costs less then. */
  readonly hastyPastFrames: number;
  /**
   * Frames beyond the sound that is there which a window guesses, as if the sound went on as it is: shown where playback is
   * past what was heard, and made anew once it is.
   */
  readonly foreseenFrames: number;
  /** Whether windows have the model's full length, whatever is new in them; otherwise past and new frames alone. */
  readonly wholeWindows: boolean;
}

/**
 * For a model of 100 million parameters: a window costs a tenth of a second of a core, and the network's first norm runs
 * over all of it, so that short ones come out otherwise. 267 ms is the least to see a mouth in; an agent that is ahead
 * delivers the 800 ms at once.
 */
export const FULL_SIZE_PACE: WindowPace = Object.freeze({
  firstFrames: 8,
  lateFirstFrames: 24,
  leastHopFrames: 8,
  pastFrames: 12,
  hastyPastFrames: 12,
  foreseenFrames: 0,
  wholeWindows: true,
});
