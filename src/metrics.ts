import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** Where the values come from when somebody asks for them. */
export interface MetricSources {
  readonly sessions: () => number;
  readonly speaking: () => number;
  /** Of the face engine; undefined where another face is live. */
  readonly engine: (() => EngineFigures) | undefined;
}

/** What the face engine says of itself. */
export interface EngineFigures {
  readonly windowMs: { readonly p50: number; readonly p95: number };
  readonly queued: number;
  readonly hopFrames: number;
  readonly deadlineMisses: number;
  readonly restarts: number;
  readonly breakerOpen: boolean;
  readonly framesByFace: { readonly engine: number; readonly fallback: number };
}

/** Every metric by name; labels have a few fixed values, never ids or origins. */
export interface Metrics {
  /** The text Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Makes the metrics of one server; nothing is measured until somebody asks. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const total = (name: string, help: string, read: () => number, labels: Readonly<Record<string, string>> = {}) => {
    new Counter({
      name,
      help,
      registers: [registry],
      labelNames: Object.keys(labels),
      collect() {
        this.reset();
        this.inc(labels, read());
      },
    });
  };
  gauge('avatar_sessions', 'Open conversations', sources.sessions);
  gauge('avatar_sessions_speaking', 'Conversations in which the avatar is speaking', sources.speaking);
  const { engine } = sources;
  if (engine !== undefined) {
    gauge('avatar_face_window_p50_milliseconds', 'Time of one window, median', () => engine().windowMs.p50);
    gauge('avatar_face_window_p95_milliseconds', 'Time of one window, 95th percentile', () => engine().windowMs.p95);
    gauge('avatar_face_queued_windows', 'Windows that wait', () => engine().queued);
    gauge('avatar_face_hop_frames', 'New frames a window brings, lately', () => engine().hopFrames);
    gauge('avatar_face_breaker_open', '1 while the model is given a rest after repeated failures', () =>
      engine().breakerOpen ? 1 : 0,
    );
    total('avatar_face_deadline_misses_total', 'Windows that came too late', () => engine().deadlineMisses);
    total('avatar_face_restarts_total', 'Inference processes that were replaced', () => engine().restarts);
    total('avatar_face_model_frames_total', 'Frames shown that the model made', () => engine().framesByFace.engine);
    total('avatar_face_fallback_frames_total', 'Frames shown that the plainer face made', () => engine().framesByFace.fallback);
  }
  return { text: () => registry.metrics(), contentType: registry.contentType };
}
