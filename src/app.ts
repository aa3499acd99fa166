import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Agent } from './agents/agent.ts';
import { createAgent } from './agents/registry.ts';
import type { Config } from './config/config.ts';
import type { FaceAnimator } from './face/animator.ts';
import { createFaces } from './faces.ts';
import { type CertificateFiles, readCertificate } from './http/certificate.ts';
import { renewCertificate } from './http/certificate-renewal.ts';
import { createServer } from './http/server.ts';
import { buildInstructions, loadKnowledge } from './knowledge.ts';
import { Overload } from './load/overload.ts';
import { measureLoad } from './load/process-load.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { Sessions } from './session/sessions.ts';
import { type Clock, systemClock } from './time/clock.ts';
import { loadTools } from './tools/tool.ts';

/** Parts that a test or another program brings itself. Whoever brings a part closes it. */
export interface AppOverrides {
  readonly agent?: Agent;
  readonly animator?: FaceAnimator;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A server that is ready to listen. */
export interface App {
  /** Starts to listen; resolves with the address. */
  listen(): Promise<AddressInfo>;
  /**
   * Admits nobody any more and lets running answers finish; resolves when all sessions are closed.
   *
   * @param graceMs what running answers get at most; DRAIN_SECONDS where left out.
   */
  drain(graceMs?: number): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
  /** How many sessions are open. */
  readonly sessions: number;
}

/**
 * Puts the server together: the only place that names concrete parts.
 *
 * @throws ConfigError if the settings ask for something that is not there.
 */
export async function createApp(config: Config, log: Logger, overrides: AppOverrides = {}): Promise<App> {
  const stop = new AbortController();
  const clock = overrides.clock ?? systemClock();
  const random = overrides.random ?? Math.random;
  const files = certificateFiles(config);
  const certificate = files && readCertificate(files);
  const tools = loadTools(config.TOOLS_FILE); // first, so that a mistake in it costs nothing
  const knowledge = await loadKnowledge({
    source: config.KNOWLEDGE_BASE_SOURCE,
    clock,
    log,
    signal: stop.signal,
  });
  const agent = overrides.agent ?? (await createAgent({ config, knowledge }, log));
  const faces = overrides.animator === undefined ? await createFaces({ config, clock, log }) : undefined;
  const animator = overrides.animator ?? faces?.animator;
  const load = measureLoad(config.MAX_MEMORY_MB && config.MAX_MEMORY_MB * 1024 * 1024);
  const overload = new Overload({
    clock,
    read: () => load.read(),
    maxLoopDelayMs: config.MAX_LOOP_DELAY_MS || undefined,
    onChange: (overloaded, now) =>
      log.warn(now, overloaded ? 'overloaded: newcomers are refused' : 'newcomers are let in again'),
  });
  const sessions = new Sessions(
    {
      agent,
      animator,
      clock,
      log,
      random,
      tools,
      instructions: () => buildInstructions(config.ASSISTANT_INSTRUCTIONS, knowledge.text()),
      inputRate: config.INPUT_SAMPLE_RATE,
      outputRate: config.OUTPUT_SAMPLE_RATE,
      fps: config.BLENDSHAPE_FPS,
      leadMs: config.PLAYOUT_LEAD_MS,
    },
    {
      headcount: {
        all: config.MAX_SESSIONS,
        perOrigin: config.MAX_SESSIONS_PER_ORIGIN,
        perAddress: config.MAX_SESSIONS_PER_ADDRESS,
      },
      idleMs: config.IDLE_TIMEOUT_SECONDS * 1000 || undefined,
      maxAgeMs: config.MAX_SESSION_SECONDS && config.MAX_SESSION_SECONDS * 1000,
      overloaded: () => overload.overloaded,
    },
  );
  const server = await createServer({
    sessions,
    clock,
    log,
    random,
    certificate,
    hstsSeconds: config.SSL_HSTS_SECONDS,
    pageFolder: fileURLToPath(new URL('../web', import.meta.url)),
    facts: {
      version: packageVersion(),
      agent: agent.name,
      face: () => faces?.now() ?? { live: animator?.name ?? 'off' },
      debug: config.DEBUG,
      readiness: () => sessions.readiness,
      metrics: createMetrics({
        sessions: () => sessions.count,
        speaking: () => sessions.speaking,
        engine: faces?.figures,
      }),
    },
  });
  const stopRenewal =
    files && certificate && server.server instanceof TlsServer
      ? renewCertificate({ server: server.server, files, certificate, clock, log })
      : () => undefined;

  return {
    get sessions() {
      return sessions.count;
    },
    listen: async () => {
      await server.listen({ host: config.SERVER_HOST, port: config.SERVER_PORT });
      return server.server.address() as AddressInfo; // listening on a port, so it is one
    },
    drain: (graceMs = config.DRAIN_SECONDS * 1000) => sessions.drain(graceMs),
    close: async () => {
      stop.abort();
      overload.stop();
      load.stop();
      stopRenewal();
      await sessions.drain(0);
      await server.close();
      if (overrides.agent === undefined) await agent.close();
      await faces?.close();
    },
  };
}

function certificateFiles({ USE_SSL, SSL_CERT_FILE, SSL_KEY_FILE }: Config): CertificateFiles | undefined {
  if (!USE_SSL || SSL_CERT_FILE === undefined || SSL_KEY_FILE === undefined) return undefined;
  return { certFile: SSL_CERT_FILE, keyFile: SSL_KEY_FILE };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
