import { Counter, Gauge, type Registry } from 'prom-client';

/** Names a metric: `avatar_` and what it counts, in base units; and what it means, in a sentence for operators. */
export interface MetricName {
  readonly name: string;
  readonly help: string;
}

/** A counter over the values of one label, all of which are known from the start. Counting costs an addition. */
export interface Tally<Value extends string> {
  count(value: Value, by?: number): void;
}

/** Makes a {@link Tally}; every value is shown from the start, as 0. */
export function tally<const Value extends string>(
  registry: Registry,
  { name, help }: MetricName,
  label: string,
  values: readonly Value[],
): Tally<Value> {
  const counts = new Map<string, number>(values.map((value) => [value, 0]));
  registry.registerMetric(
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        this.reset();
        for (const [value, count] of counts) this.inc({ [label]: value }, count);
      },
    }),
  );
  return {
    count: (value, by = 1) => {
      const before = counts.get(value);
      // A value nobody knew at the start would be a label without bounds.
      if (before !== undefined) counts.set(value, before + by);
    },
  };
}

/** A counter whose value somebody else keeps. */
export function total(registry: Registry, { name, help }: MetricName, read: () => number): void {
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
}

/** A gauge that is read when somebody asks. */
export function gauge(registry: Registry, { name, help }: MetricName, read: () => number): void {
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
}
