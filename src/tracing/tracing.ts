import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../log.ts';
import type { Observer } from '../session/observer.ts';
import type { Clock } from '../time/clock.ts';
import { turnSpans } from './turn-spans.ts';

/** Spans wait for so long (ms) to go together, and so many may wait; while the collector is down the newest are dropped. */
const BATCH_EVERY_MS = 2000;
const MAX_WAITING_SPANS = 2048;

/** An export is given up after this long (ms), and so is the last one when the server ends. */
const EXPORT_WITHIN_MS = 5000;
const FLUSH_WITHIN_MS = 3000;

/** Where traces go, and as whose. */
export interface TracingOptions {
  /** Address of an OTLP/HTTP collector that takes traces. */
  readonly url: string;
  /** Sent with each export. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly version: string;
  /** The agent's name. */
  readonly agent: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Traces on their way to a collector. */
export interface Tracing {
  readonly observer: Observer;
  /** Sends what waits, for a few seconds at most. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts to send a trace of each answer to a collector. OpenTelemetry is loaded here and not before: who sends no traces
 * does not pay for it.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { clock, log, agent, version } = options;
  const [api, sdk, exporter, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': version,
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: told(
          new exporter.OTLPTraceExporter({
            url: options.url,
            headers: { ...options.headers },
            timeoutMillis: EXPORT_WITHIN_MS,
          }),
          log,
        ),
        scheduledDelayMillis: BATCH_EVERY_MS,
        exportTimeoutMillis: EXPORT_WITHIN_MS,
        maxQueueSize: MAX_WAITING_SPANS,
      }),
    ],
  });
  log.info({ service: options.serviceName }, 'traces go to the OpenTelemetry collector');
  return {
    observer: turnSpans({ api, tracer: provider.getTracer('avatar-chat-server', version), clock, agent }),
    close: async () => {
      const done = new AbortController();
      const patience = clock.sleep(FLUSH_WITHIN_MS, done.signal).catch(() => undefined); // it was quick enough
      await Promise.race([provider.shutdown().catch(() => undefined), patience]); // told by the exporter
      done.abort();
    },
  };
}

/** An exporter whose faults are a line in the log: one when they begin, and one when they are over. */
function told(exporter: SpanExporter, log: Logger): SpanExporter {
  let failing = false;
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== 0; // ExportResultCode.SUCCESS
        if (failed && !failing) log.warn({ err: result.error }, 'traces cannot be sent; they are dropped');
        else if (!failed && failing) log.info('traces are sent again');
        failing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
