import { FRAME_MS } from './frame-grid.ts';
import type { WindowPace } from './window-pace.ts';

/** Silence after the end of the turn that its last window sees, so that the mouth closes: 200 ms. */
const TAIL_FRAMES = 6;

/** Spare frames between a window's arrival and its first new frame being needed (lipsync notes, 6). */
const MARGIN_FRAMES = 2;

/** What a turn's next window is planned from. Frames are indices on the turn's grid. */
export interface PlanState {
  /** Whole frames the longest window holds. */
  readonly windowFrames: number;
  readonly pace: WindowPace;
  /** Last frames of a window that are made again once their future is heard. */
  readonly holdBackFrames: number;
  /** Frames aimed at from one window to the next while sound comes in real time. */
  readonly hopFrames: number;
  /** Frames of sound that are there; all of them if `ended`. */
  readonly heard: number;
  readonly ended: boolean;
  /** End (exclusive) of the heard frames that windows have covered so far. */
  readonly predicted: number;
  /** The next frame to be handed out: earlier ones are gone. */
  readonly emitted: number;
  readonly nowMs: number;
  /** When a frame is needed; infinite if unknown. */
  readonly dueAt: (frame: number) => number;
  /** Milliseconds a window takes. */
  readonly windowMs: { readonly p50: number; readonly p95: number };
}

/** What to do next: run a window, or look again at a time (infinite: only when something happens). */
export type WindowPlan =
  | {
      readonly kind: 'run';
      /** The frame the window begins with; before 0 there is silence. */
      readonly firstFrame: number;
      /** The frame the window ends before. */
      readonly endFrame: number;
      /** The frame before which its sound was heard; from there on it is guessed, or the turn is over. */
      readonly heardFrame: number;
      /** The first frame whose weights are wanted from it. */
      readonly firstNewFrame: number;
      /** Monotonic milliseconds by which it should be there. */
      readonly dueAt: number;
    }
  | { readonly kind: 'wait'; readonly untilMs: number };

/** The past a window keeps before its first new frame. */
function pastFrames({ windowFrames, pace }: PlanState): number {
  return pace.wholeWindows ? Math.min(pace.pastFrames, Math.floor(windowFrames / 4)) : pace.pastFrames;
}

/**
 * Says when a turn's next window is worth its price, and where it ends. The first runs as soon as a mouth can be seen in
 * the sound. Later ones take half of what the sound is ahead of playback, at least the hop aimed at, at most what fits;
 * sooner if a frame would be late otherwise and can still be in time, later if none of the new ones can. All new sound that fits is taken at once; if even
 * that would be late, the window skips to the newest sound.
 */
export function planWindow(state: PlanState): WindowPlan {
  const { heard, ended, predicted, emitted, windowFrames, holdBackFrames, pace, nowMs, dueAt } = state;
  const fresh = heard - predicted;
  if (fresh <= 0) return { kind: 'wait', untilMs: Number.POSITIVE_INFINITY };
  const firstNewFrame = Math.max(emitted, predicted - holdBackFrames);
  const firstDueAt = dueAt(firstNewFrame);
  const wantedAt = firstDueAt - MARGIN_FRAMES * FRAME_MS - state.windowMs.p95;
  const waitMs = ended ? 0 : waitForMore(state, fresh, firstDueAt, wantedAt);
  if (waitMs > 0) return { kind: 'wait', untilMs: nowMs + waitMs };

  const available = ended ? heard + TAIL_FRAMES : heard;
  // Before the turn there is nothing to be had as past: its first window may be full of new frames.
  const fitting = Math.max(windowFrames, firstNewFrame + windowFrames - pastFrames(state));
  const lost = available > fitting && dueAt(Math.min(heard, fitting) - 1) < nowMs;
  const coveredFrame = lost ? available : Math.min(available, fitting);
  const endFrame = coveredFrame + foreseenFrames(state, coveredFrame);
  const longest = endFrame - windowFrames;
  const past = fresh < state.hopFrames || isPressing(state) ? pace.hastyPastFrames : pastFrames(state);
  return {
    kind: 'run',
    firstFrame: pace.wholeWindows ? longest : Math.max(longest, onGrid(firstNewFrame - past)),
    endFrame,
    heardFrame: Math.min(coveredFrame, heard),
    firstNewFrame,
    // Not playing yet: as urgent as if playback began now.
    dueAt: Number.isFinite(wantedAt) ? wantedAt : nowMs + (firstNewFrame - emitted) * FRAME_MS,
  };
}

/** Frames beyond the sound there is that are worth guessing. */
function foreseenFrames(state: PlanState, end: number): number {
  return !state.ended && end === state.heard && isPressing(state) ? state.pace.foreseenFrames : 0;
}

/** Whether playback will be past the sound there is before another window can have heard more of it. */
function isPressing({ heard, hopFrames, nowMs, dueAt, windowMs }: PlanState): boolean {
  return dueAt(heard) <= nowMs + hopFrames * FRAME_MS + windowMs.p95;
}

/** Every third frame begins on a sample at 16 kHz: from there a short window has the very frames of a long one. */
function onGrid(frame: number): number {
  return Math.floor(frame / 3) * 3;
}

/** Milliseconds until a window is worth running; infinite if only more sound can make it so. */
function waitForMore(state: PlanState, fresh: number, firstDueAt: number, wantedAt: number): number {
  const { predicted, nowMs, windowFrames, holdBackFrames, pace } = state;
  const mostFrames = Math.max(1, windowFrames - holdBackFrames - pastFrames(state));
  if (predicted === 0) {
    const least = passedByThen(state) ? pace.lateFirstFrames : pace.firstFrames;
    return fresh >= Math.min(least, mostFrames) ? 0 : Number.POSITIVE_INFINITY;
  }
  // A voice that is not ahead at all gets nothing in time from any hop: spare the model until its sound runs ahead.
  const foresees = pace.foreseenFrames > 0;
  const useless = !foresees && state.dueAt(state.heard - holdBackFrames - 1) < nowMs + state.windowMs.p50;
  if (useless) return fresh >= mostFrames ? 0 : Number.POSITIVE_INFINITY;
  const hop = Math.min(mostFrames, Math.max(state.hopFrames, Math.round(aheadFrames(state) / 2)));
  if (fresh >= hop) return 0;
  const stillInTime = firstDueAt >= nowMs + state.windowMs.p50;
  if (fresh < pace.leastHopFrames) return Number.POSITIVE_INFINITY;
  // What is late already is lost; what follows can be foreseen.
  if (!stillInTime) return foresees ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(0, wantedAt - nowMs);
}

/** Whether playback would be past a first window begun now before a second is there, each behind one that runs. */
function passedByThen({ heard, holdBackFrames, nowMs, windowMs, dueAt }: PlanState): boolean {
  return dueAt(heard - holdBackFrames - 1) < nowMs + 4 * windowMs.p50;
}

/** How many frames the sound that is there reaches beyond what is due now. */
function aheadFrames({ heard, emitted, nowMs, dueAt }: PlanState): number {
  const slackMs = dueAt(emitted) - nowMs;
  return heard - emitted + (Number.isFinite(slackMs) ? slackMs / FRAME_MS : 0);
}
