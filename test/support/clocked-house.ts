import type { Server } from 'node:http';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Audit } from '../../src/auth/audit.ts';
import { Door } from '../../src/auth/door.ts';
import { createServer, type HttpTimeouts } from '../../src/http/server.ts';
import { silentLogger } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { NO_OBSERVER } from '../../src/session/observer.ts';
import type { SessionLimits } from '../../src/session/sessions.ts';
import type { Clock } from '../../src/time/clock.ts';
import { house } from './session.ts';

/** A house of sessions behind a real server: sockets are real, and the sessions' time is in the test's hand. */
export function clockedHouse(maxSessions: number, limits: Partial<SessionLimits> = {}) {
  const parts = house(maxSessions, limits);
  let server: Server | undefined;
  after(() => server?.close());
  /** Listens, until the file's tests are over; resolves with the port. */
  const serve = async (timeouts?: HttpTimeouts): Promise<number> => {
    const app = await createServer({
      sessions: parts.sessions,
      door: openDoor(parts.clock),
      trust: undefined,
      allowedOrigins: undefined,
      tokenTtlS: 3600,
      observer: NO_OBSERVER,
      clock: parts.clock,
      log: silentLogger(),
      random: () => 1,
      pageFolder: fileURLToPath(new URL('../../web', import.meta.url)),
      clientFolder: fileURLToPath(new URL('../../client/src', import.meta.url)),
      certificate: undefined,
      hstsSeconds: 0,
      ...(timeouts === undefined ? {} : { timeouts }),
      facts: {
        version: '0',
        agent: 'scripted',
        face: () => ({ live: 'loudness' }),
        debug: false,
        agentReachable: () => undefined,
        agentSees: false,
        nodes: undefined,
        readiness: () => parts.sessions.readiness,
        metrics: createMetrics({
          sessions: () => 0,
          speaking: () => 0,
          face: () => 'loudness',
          engine: undefined,
        }),
      },
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    server = app.server as Server;
    return (server.address() as { port: number }).port;
  };
  return { ...parts, serve };
}

/** Lets everybody in. */
function openDoor(clock: Clock): Door {
  return new Door({ auth: undefined, rates: undefined, audit: new Audit(silentLogger(), clock), clock });
}
