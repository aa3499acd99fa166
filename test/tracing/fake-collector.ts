import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP/HTTP carries it in JSON. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: SentSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** An OpenTelemetry collector that keeps what it gets. */
export interface FakeCollector {
  readonly url: string;
  readonly spans: readonly SentSpan[];
  /** Of the newest export. */
  readonly resource: SentSpan['attributes'];
  readonly headers: readonly Record<string, unknown>[];
  readonly paths: readonly string[];
  close(): Promise<void>;
}

/** Starts one on a free port of this machine; `status` is what it answers. */
export async function startFakeCollector(status = 200): Promise<FakeCollector> {
  const spans: SentSpan[] = [];
  const headers: Record<string, unknown>[] = [];
  const paths: string[] = [];
  let resource: SentSpan['attributes'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      headers.push(request.headers);
      paths.push(request.url ?? '');
      const sent = JSON.parse(Buffer.concat(parts).toString()) as Export;
      for (const each of sent.resourceSpans) {
        resource = each.resource.attributes;
        for (const scope of each.scopeSpans) spans.push(...scope.spans);
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    get resource() {
      return resource;
    },
    headers,
    paths,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
