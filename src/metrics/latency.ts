import { Histogram, type Registry } from 'prom-client';
import type { MetricName } from './tally.ts';

/** Bucket bounds in seconds: of what a person waits for, and of what should be immediate. */
export const WAIT_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10] as const;
/** See {@link WAIT_BUCKETS}. */
export const QUICK_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1] as const;

/** A histogram of times over the values of one label, all of which are shown from the start. */
export interface Latency<Value extends string> {
  /** Takes milliseconds; shows seconds, as Prometheus wants them. */
  took(ms: number, value: Value): void;
}

/** Makes a {@link Latency}. */
export function latency<const Value extends string>(
  registry: Registry,
  { name, help }: MetricName,
  buckets: readonly number[],
  label: string,
  values: readonly Value[],
): Latency<Value> {
  const histogram = new Histogram({ name, help, labelNames: [label], buckets: [...buckets], registers: [] });
  registry.registerMetric(histogram);
  const byValue = new Map(values.map((value) => [value, histogram.labels({ [label]: value })]));
  for (const value of values) histogram.zero({ [label]: value });
  return { took: (ms, value) => byValue.get(value)?.observe(Math.max(0, ms) / 1000) };
}
