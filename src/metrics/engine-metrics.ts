import { Counter, Gauge, type Registry } from 'prom-client';
import { gauge, total } from './tally.ts';

/** What the face engine says of itself. */
export interface EngineFigures {
  /** How long one window takes. */
  readonly windowMs: { readonly p50: number; readonly p95: number };
  /** Windows that wait for a process. */
  readonly waiting: number;
  /** Milliseconds the oldest of them has waited. */
  readonly oldestWaitMs: number;
  /** Windows run since the start, and the frames shown of each, on average: the hop. */
  readonly windows: number;
  readonly hopFrames: number;
  readonly deadlineMisses: number;
  readonly restarts: number;
  /** How busy its processes are, 0..1. */
  readonly utilisation: number;
  readonly breakerOpen: boolean;
  /** Frames handed out since the start: by the model, and by the plainer face for each reason. */
  readonly frames: Readonly<Record<'model' | 'opening' | 'late' | 'failed' | 'declined', number>>;
}

/** Every face that can be live, the best first. */
const FACES = ['wav2arkit', 'embedded', 'loudness', 'off'] as const;

/** Adds which face is live. */
export function addLiveFace(registry: Registry, live: () => string): void {
  registry.registerMetric(
    new Gauge({
      name: 'avatar_face_live',
      help: 'The face that is live now has 1',
      labelNames: ['face'],
      registers: [],
      collect() {
        for (const face of FACES) this.set({ face }, Number(face === live()));
      },
    }),
  );
}

/** Adds the face engine's metrics. */
export function addEngineMetrics(registry: Registry, engine: () => EngineFigures): void {
  const shown = (name: string, help: string, read: (figures: EngineFigures) => number) =>
    gauge(registry, { name: `avatar_face_${name}`, help }, () => read(engine()));
  const counted = (name: string, help: string, read: (figures: EngineFigures) => number) =>
    total(registry, { name: `avatar_face_${name}`, help }, () => read(engine()));
  shown('window_p50_seconds', 'Time of one window, median', ({ windowMs }) => windowMs.p50 / 1000);
  shown('window_p95_seconds', 'Time of one window, 95th percentile', ({ windowMs }) => windowMs.p95 / 1000);
  shown('waiting_windows', 'Windows that wait for a process', ({ waiting }) => waiting);
  shown(
    'oldest_wait_seconds',
    'How long the oldest window that waits for a process has waited',
    ({ oldestWaitMs }) => oldestWaitMs / 1000,
  );
  shown('utilisation', 'How busy the inference processes are, 0 to 1', ({ utilisation }) => utilisation);
  shown('breaker_open', '1 while the model rests after repeated failures', ({ breakerOpen }) =>
    Number(breakerOpen),
  );
  shown('hop_frames', 'Frames shown of each window, on average', ({ hopFrames }) => hopFrames);
  counted('windows_total', 'Windows that were run', ({ windows }) => windows);
  counted('deadline_misses_total', 'Windows that came too late', ({ deadlineMisses }) => deadlineMisses);
  counted('restarts_total', 'Inference processes that were replaced', ({ restarts }) => restarts);
  registry.registerMetric(
    new Counter({
      name: 'avatar_face_frames_total',
      help: 'Frames the face engine handed out: by the model, or by the plainer face and why',
      labelNames: ['by'],
      registers: [],
      collect() {
        this.reset();
        for (const [by, frames] of Object.entries(engine().frames)) this.inc({ by }, frames);
      },
    }),
  );
}
