import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Agent } from './agents/agent.ts';
import { createAgent } from './agents/registry.ts';
import type { Config } from './config/config.ts';
import type { FaceAnimator } from './face/animator.ts';
import { createFaces } from './faces.ts';
import { createServer } from './http/server.ts';
import { buildInstructions, loadKnowledge } from './knowledge.ts';
import type { Logger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { Sessions } from './session/sessions.ts';
import { type Clock, systemClock } from './time/clock.ts';
import { loadTools } from './tools/tool.ts';

/** How long running answers may go on when the server is asked to stop. */
const DRAIN_GRACE_MS = 10_000;

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
  /** Admits nobody any more and lets running answers finish; resolves when all sessions are closed. */
  drain(): Promise<void>;
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
    config.MAX_SESSIONS,
  );
  const server = await createServer({
    sessions,
    clock,
    log,
    random,
    pageFolder: fileURLToPath(new URL('../web', import.meta.url)),
    clientFolder: fileURLToPath(new URL('../client/src', import.meta.url)),
    facts: {
      version: packageVersion(),
      agent: agent.name,
      face: () => faces?.now() ?? { live: animator?.name ?? 'off' },
      debug: config.DEBUG,
      metrics: createMetrics({
        sessions: () => sessions.count,
        speaking: () => sessions.speaking,
        engine: faces?.figures,
      }),
    },
  });

  return {
    get sessions() {
      return sessions.count;
    },
    listen: async () => {
      await server.listen({ host: config.SERVER_HOST, port: config.SERVER_PORT });
      return server.server.address() as AddressInfo; // listening on a port, so it is one
    },
    drain: () => sessions.drain(DRAIN_GRACE_MS),
    close: async () => {
      stop.abort();
      await sessions.drain(0);
      await server.close();
      if (overrides.agent === undefined) await agent.close();
      await faces?.close();
    },
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
