import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createDoor } from './access.ts';
import type { Agent } from './agents/agent.ts';
import { createAgent } from './agents/registry.ts';
import { startAudioCapture } from './capture/audio-capture.ts';
import type { Config } from './config/config.ts';
import type { FaceAnimator } from './face/animator.ts';
import { createFaces } from './faces.ts';
import { certificateFiles, readCertificate } from './http/certificate.ts';
import { renewCertificate } from './http/certificate-renewal.ts';
import { createServer } from './http/server.ts';
import { trustIn } from './http/visitors.ts';
import { buildInstructions, loadKnowledge } from './knowledge.ts';
import { Overload } from './load/overload.ts';
import { measureLoad } from './load/process-load.ts';
import type { Logger } from './log.ts';
import { AgentReach } from './metrics/agent-reach.ts';
import { createMetrics } from './metrics/metrics.ts';
import { fullRetryMs } from './nodes/full-retry.ts';
import { NodeRegistry } from './nodes/node-registry.ts';
import { RedisLink } from './redis/redis-link.ts';
import { observers } from './session/observer.ts';
import { Sessions } from './session/sessions.ts';
import { turnLog } from './session/turn-log.ts';
import { type Clock, systemClock } from './time/clock.ts';
import { loadTools } from './tools/tool.ts';
import { startTracing, type Tracing, type TracingOptions } from './tracing/tracing.ts';
import { packageVersion } from './version.ts';

/** Parts that a test or another program brings itself. Whoever brings a part closes it. */
export interface AppOverrides {
  readonly agent?: Agent;
  readonly animator?: FaceAnimator;
  /** Where the embedded face model is, if not where the package has it. */
  readonly modelsFolder?: string;
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
  const version = packageVersion();
  const files = certificateFiles(config);
  const certificate = files && readCertificate(files);
  const tools = loadTools(config.TOOLS_FILE); // first, so that a mistake in it costs nothing
  const capture = config.DEBUG_AUDIO_CAPTURE
    ? await startAudioCapture({
        folder: config.DEBUG_AUDIO_CAPTURE_DIR,
        maxBytes: config.DEBUG_AUDIO_CAPTURE_MAX_MB * 1e6,
        outputRate: config.OUTPUT_SAMPLE_RATE,
        clock,
        log,
      })
    : undefined;
  const knowledge = await loadKnowledge({
    source: config.KNOWLEDGE_BASE_SOURCE,
    clock,
    log,
    signal: stop.signal,
  });
  const agent = overrides.agent ?? (await createAgent({ config, knowledge }, log));
  const { modelsFolder } = overrides;
  const faces =
    overrides.animator === undefined
      ? await createFaces({ config, clock, log, ...(modelsFolder !== undefined && { modelsFolder }) })
      : undefined;
  const animator = overrides.animator ?? faces?.animator;
  const redis =
    config.REDIS_URL === undefined ? undefined : await RedisLink.open({ url: config.REDIS_URL, clock, log });
  const tracing = await tracingOf(config, { agent: agent.name, version, clock, log });
  const reach = new AgentReach();
  const faceNow = () => faces?.now() ?? { live: animator?.name ?? 'off' };
  const metrics = createMetrics({
    sessions: () => sessions.count,
    speaking: () => sessions.speaking,
    face: () => faceNow().live,
    engine: faces?.figures,
  });
  const observer = observers([
    metrics.observer,
    reach.observer,
    turnLog(log),
    ...(capture === undefined ? [] : [capture.observer]),
    ...(tracing === undefined ? [] : [tracing.observer]),
  ]);
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
      observer,
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
      fullRetryMs: () => fullRetryMs(nodes, random),
    },
  );
  const nodes =
    redis &&
    new NodeRegistry({
      redis,
      clock,
      facts: () => ({
        capacity: config.MAX_SESSIONS,
        sessions: sessions.count,
        speaking: sessions.speaking,
        draining: sessions.readiness === 'draining' || sessions.readiness === 'overloaded',
      }),
    });
  const server = await createServer({
    sessions,
    door: createDoor({ config, clock, log, redis }),
    trust: trustIn(config.TRUST_PROXY),
    allowedOrigins: config.AUTH_ENABLED ? config.AUTH_ALLOWED_ORIGINS : undefined,
    tokenTtlS: config.AUTH_TOKEN_TTL,
    clock,
    log,
    random,
    observer,
    certificate,
    hstsSeconds: config.SSL_HSTS_SECONDS,
    pageFolder: fileURLToPath(new URL('../web', import.meta.url)),
    clientFolder: fileURLToPath(new URL('../client/src', import.meta.url)),
    facts: {
      version,
      agent: agent.name,
      agentSees: agent.capabilities.vision,
      face: faceNow,
      nodes: nodes && (() => nodes.all),
      debug: config.DEBUG,
      agentReachable: () => reach.reachable,
      readiness: () => sessions.readiness,
      metrics,
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
      await nodes?.join();
      return server.server.address() as AddressInfo; // listening on a port, so it is one
    },
    drain: async (graceMs = config.DRAIN_SECONDS * 1000) => {
      const drained = sessions.drain(graceMs);
      await nodes?.publish();
      await drained;
    },
    close: async () => {
      stop.abort();
      overload.stop();
      load.stop();
      stopRenewal();
      await sessions.drain(0);
      await nodes?.leave();
      await server.close();
      redis?.close();
      if (overrides.agent === undefined) await agent.close();
      await faces?.close();
      metrics.close();
      await Promise.all([capture?.close(), tracing?.close()]);
    },
  };
}

/** Tracing, where the settings name a collector. */
async function tracingOf(
  config: Config,
  parts: Pick<TracingOptions, 'agent' | 'version' | 'clock' | 'log'>,
): Promise<Tracing | undefined> {
  const base = config.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  const url = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base}/v1/traces`);
  if (url === undefined) return undefined;
  const { OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_SERVICE_NAME: serviceName } = config;
  return startTracing({ url, headers, serviceName, ...parts });
}
