import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Where the values come from when somebody asks for them. */
export interface MetricSources {
  readonly sessions: () => number;
  readonly speaking: () => number;
  /** The face that is live now. */
  readonly face: () => string;
  /** Of the face engine; undefined where another face is live. */
  readonly engine: (() => EngineFigures) | undefined;
}

/** Every face that can be live, the best first. */
const FACES = ['wav2arkit', 'embedded', 'loudness', 'off'] as const;

/** What the face engine says of itself. */
export interface EngineFigures {
  /** How long one window takes. */
  readonly windowMs: { readonly p50: number; readonly p95: number };
  /** Windows that wait for a process. */
  readonly waiting: number;
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

/** Every metric by name; labels have a few fixed values, never ids or origins. */
export interface Metrics {
  /** The text Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Makes the metrics of one server; nothing is measured until somebody asks. */
export function createMetrics({ sessions, speaking, face, engine }: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  };
  const total = (name: string, help: string, read: () => number) => {
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(read());
        },
      }),
    );
  };
  gauge('avatar_sessions', 'Open conversations', sessions);
  gauge('avatar_sessions_speaking', 'Conversations in which the avatar is speaking', speaking);
  registry.registerMetric(
    new Gauge({
      name: 'avatar_face_live',
      help: 'The face that is live now has 1',
      labelNames: ['face'],
      registers: [],
      collect() {
        for (const name of FACES) this.set({ face: name }, Number(name === face()));
      },
    }),
  );
  if (engine !== undefined) {
    gauge('avatar_face_window_p50_milliseconds', 'Time of one window, median', () => engine().windowMs.p50);
    gauge(
      'avatar_face_window_p95_milliseconds',
      'Time of one window, 95th percentile',
      () => engine().windowMs.p95,
    );
    gauge('avatar_face_waiting_windows', 'Windows that wait for a process', () => engine().waiting);
    gauge(
      'avatar_face_utilisation',
      'How busy the inference processes are, 0 to 1',
      () => engine().utilisation,
    );
    gauge('avatar_face_breaker_open', '1 while the model rests after repeated failures', () =>
      Number(engine().breakerOpen),
    );
    gauge('avatar_face_hop_frames', 'Frames shown of each window, on average', () => engine().hopFrames);
    total('avatar_face_windows_total', 'Windows that were run', () => engine().windows);
    total('avatar_face_deadline_misses_total', 'Windows that came too late', () => engine().deadlineMisses);
    total('avatar_face_restarts_total', 'Inference processes that were replaced', () => engine().restarts);
    registry.registerMetric(
      new Counter({
        name: 'avatar_face_frames_total',
        help: 'Frames handed out: by the model, or by the plainer face and why',
        labelNames: ['by'],
        registers: [],
        collect() {
          this.reset();
          for (const [by, frames] of Object.entries(engine().frames)) this.inc({ by }, frames);
        },
      }),
    );
  }
  return { text: () => registry.metrics(), contentType: registry.contentType };
}
