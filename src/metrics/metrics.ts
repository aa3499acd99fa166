import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Observer } from '../session/observer.ts';
import { addEngineMetrics, addLiveFace, type EngineFigures } from './engine-metrics.ts';
import { EventLoopWatch } from './event-loop-delay.ts';
import { sessionMetrics } from './session-metrics.ts';
import { gauge } from './tally.ts';

/** Where the values come from that nobody reports. */
export interface MetricSources {
  readonly sessions: () => number;
  readonly speaking: () => number;
  /** The face that is live now. */
  readonly face: () => string;
  /** Of the face engine; undefined where another face is live. */
  readonly engine: (() => EngineFigures) | undefined;
}

/** Every metric by name; labels have a few fixed values, never ids or origins. */
export interface Metrics {
  /** The text Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Counts what it is told. */
  readonly observer: Observer;
  /** Stops what is measured all the time. */
  close(): void;
}

/** Makes the metrics of one server. Whoever makes them closes them. */
export function createMetrics({ sessions, speaking, face, engine }: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const loop = new EventLoopWatch();
  gauge(registry, { name: 'avatar_sessions', help: 'Open conversations' }, sessions);
  gauge(
    registry,
    {
      name: 'avatar_sessions_speaking',
      help: 'Conversations in which the avatar is speaking, or its client still plays',
    },
    speaking,
  );
  gauge(
    registry,
    {
      name: 'avatar_event_loop_delay_p50_seconds',
      help: 'How late the event loop was, median of the last 15 to 30 seconds',
    },
    () => loop.delay.p50,
  );
  gauge(
    registry,
    {
      name: 'avatar_event_loop_delay_p99_seconds',
      help: 'How late the event loop was, 99th percentile of the last 15 to 30 seconds',
    },
    () => loop.delay.p99,
  );
  const observer = sessionMetrics(registry);
  addLiveFace(registry, face);
  if (engine !== undefined) addEngineMetrics(registry, engine);
  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    observer,
    close: () => loop.stop(),
  };
}
