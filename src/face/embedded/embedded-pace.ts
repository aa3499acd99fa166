import type { EngineSettings } from '../engine/engine-settings.ts';
import { FRAME_MS } from '../engine/frame-grid.ts';

/** The hop aimed at while sound comes in real time, in milliseconds. */
const HOP_MS = 200;

/** Frames of the past that count for a frame: with so many a streamed face correlates at .998 with that of one pass. */
const PAST_FRAMES = 24;

/** In haste: .99, at two thirds of the cost. */
const HASTY_PAST_FRAMES = 12;

/**
 * How the embedded model is streamed, which follows from what it is. It hears no more of the future than it says, so
 * frames older than that are final: that is all its hold-back is for. Its cost follows a window's length, so windows
 * hold past and new frames alone, and hop by three frames where an agent delivers in real time and every frame is
 * pressing.
 *
 * @param lookaheadMs what the model hears beyond a frame's end.
 */
export function embeddedPace(lookaheadMs: number): Pick<EngineSettings, 'hopMs' | 'pace' | 'holdBackFrames'> {
  const holdBackFrames = Math.round(lookaheadMs / FRAME_MS); // a few milliseconds of it more or less do not show
  return {
    hopMs: HOP_MS,
    holdBackFrames,
    pace: {
      firstFrames: holdBackFrames + 1,
      lateFirstFrames: holdBackFrames + 1,
      leastHopFrames: 3,
      pastFrames: PAST_FRAMES,
      hastyPastFrames: HASTY_PAST_FRAMES,
      withoutFuture: true,
      wholeWindows: false,
    },
  };
}
