import type { Registry } from 'prom-client';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Observe, Observer } from '../session/observer.ts';
import { addAgentMetrics } from './agent-metrics.ts';
import { tally, total } from './tally.ts';
import { addTurnMetrics } from './turn-metrics.ts';

/** Close codes with a label of their own: this server's, and those a socket has by itself (RFC 6455, 7.4.1). */
const CLOSE_CODES = [
  ...new Set([1000, 1001, 1005, 1006, ...Object.values(CLOSE).map(({ code }) => code)]),
].map(String);

const OTHER = 'other';

/** Adds the metrics of conversations, and is the observer whose news they count. */
export function sessionMetrics(registry: Registry): Observer {
  const errorCodes = Object.keys(ERROR_CODES) as ErrorCode[];
  let opened = 0;
  total(
    registry,
    { name: 'avatar_sessions_opened_total', help: 'Conversations begun since the start' },
    () => opened,
  );
  const refused = tally(
    registry,
    {
      name: 'avatar_refused_total',
      help: 'Visitors who were not let in, or not given what they asked for at the door, by error code',
    },
    'reason',
    errorCodes,
  );
  const closed = tally(
    registry,
    {
      name: 'avatar_closes_total',
      help: 'Sockets of conversations that closed, by WebSocket close code (1005: none given; 1006: connection lost)',
    },
    'code',
    [...CLOSE_CODES, OTHER],
  );
  const faults = tally(
    registry,
    {
      name: 'avatar_errors_total',
      help: 'Errors that clients in a conversation were told of, by error code',
    },
    'code',
    errorCodes,
  );
  const aboutTurns = addTurnMetrics(registry);
  const aboutAgents = addAgentMetrics(registry);
  const observe: Observe = (event) => {
    if (event.type === 'fault') faults.count(event.code);
    aboutTurns(event);
    aboutAgents(event);
  };
  return {
    session: () => {
      opened += 1;
      return observe;
    },
    refused: (code) => refused.count(code),
    closed: (code) => closed.count(CLOSE_CODES.includes(String(code)) ? String(code) : OTHER),
  };
}
