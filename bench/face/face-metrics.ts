/** Who made a frame, as `/metrics` calls it. */
export const MAKERS = ['model', 'opening', 'late', 'failed', 'declined'] as const;

/** Frames by who made them. */
export type FramesBy = Readonly<Record<(typeof MAKERS)[number], number>>;

/** What `/metrics` says of the face engine. */
export interface FaceMetrics {
  /** Since the server started. */
  readonly frames: FramesBy;
  readonly deadlineMisses: number;
  readonly restarts: number;
  readonly windowP50Ms: number;
  readonly windowP95Ms: number;
  /** How busy the inference processes were in the last seconds, 0..1. */
  readonly utilisation: number;
}

/** Reads the text of `/metrics`. */
export function parseFaceMetrics(text: string): FaceMetrics {
  const lines = text.split('\n');
  const value = (name: string) => {
    const line = lines.find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? Number.NaN);
  };
  const frames = MAKERS.map((by) => [by, value(`avatar_face_frames_total{by="${by}"}`)] as const);
  return {
    frames: Object.fromEntries(frames) as FramesBy,
    deadlineMisses: value('avatar_face_deadline_misses_total'),
    restarts: value('avatar_face_restarts_total'),
    windowP50Ms: 1000 * value('avatar_face_window_p50_seconds'),
    windowP95Ms: 1000 * value('avatar_face_window_p95_seconds'),
    utilisation: value('avatar_face_utilisation'),
  };
}

/** What came between two looks. */
export function framesBetween(before: FaceMetrics, after: FaceMetrics): FramesBy {
  const frames = MAKERS.map((by) => [by, after.frames[by] - before.frames[by]] as const);
  return Object.fromEntries(frames) as FramesBy;
}

/** All of them. */
export function sumOf(frames: FramesBy): number {
  return MAKERS.reduce((sum, by) => sum + frames[by], 0);
}
