import type { EngineSettings } from '../engine/engine-settings.ts';
import { FRAME_MS } from '../engine/frame-grid.ts';

/** Frames of the past that count for a frame: with so many a streamed face correlates at .998 with that of one pass. */
const PAST_FRAMES = 24;

/** In haste: .99, for less; a multiple of three, which begins a window without a frame to spare (window-plan.ts). */
const HASTY_PAST_FRAMES = 9;

/** Every hop in real time is one of these, and what playback needs before the next is foreseen. */
const HOP_FRAMES = 6;

/**
 * How the embedded model is streamed, which follows from what it is. It hears no more of the future than it says, so
 * frames older than that are final: that is all its hold-back is for. Its cost follows a window's length, so windows
 * hold past and new frames alone. An agent that delivers in real time leaves some 10 ms for each frame: a window serves
 * none in time but the last heard, so what comes until the next is foreseen. Five windows a second cost half of what ten
 * did, which hopped by three frames and left every third to the plainer face, for as good a mouth.
 *
 * @param lookaheadMs what the model hears beyond a frame's end.
 */
export function embeddedPace(lookaheadMs: number): Pick<EngineSettings, 'hopMs' | 'pace' | 'holdBackFrames'> {
  const holdBackFrames = Math.round(lookaheadMs / FRAME_MS); // a few milliseconds of it more or less do not show
  return {
    hopMs: HOP_FRAMES * FRAME_MS,
    holdBackFrames,
    pace: {
      firstFrames: holdBackFrames + 1,
      lateFirstFrames: holdBackFrames + 1,
      leastHopFrames: HOP_FRAMES,
      pastFrames: PAST_FRAMES,
      hastyPastFrames: HASTY_PAST_FRAMES,
      foreseenFrames: HOP_FRAMES,
      wholeWindows: false,
    },
  };
}
