import { Counter, type Registry } from 'prom-client';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { type Observe, OPENING_REASONS } from '../session/observer.ts';
import { latency, WAIT_BUCKETS } from './latency.ts';
import { tally } from './tally.ts';

/** What a connection to an agent can end with (src/agents). */
const AGENT_CODES = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => code.startsWith('agent_'));

/** Adds the metrics of connections to the agent, and of tools. */
export function addAgentMetrics(registry: Registry): Observe {
  const openings = tally(
    registry,
    {
      name: 'avatar_agent_openings_total',
      help: 'Connections to the agent that were begun: the first of a conversation, a renewal before one expired, a retry after one failed',
    },
    'reason',
    OPENING_REASONS,
  );
  const opening = latency(
    registry,
    { name: 'avatar_agent_opening_seconds', help: 'Time until a connection to the agent was open' },
    WAIT_BUCKETS,
    'reason',
    OPENING_REASONS,
  );
  const countFailure = addFailures(registry);
  const tools = latency(
    registry,
    { name: 'avatar_tool_seconds', help: 'Time until a tool the agent called had answered, or failed' },
    WAIT_BUCKETS,
    'result',
    ['answered', 'failed'],
  );
  return (event) => {
    switch (event.type) {
      case 'agent_opening':
        openings.count(event.reason);
        break;
      case 'agent_opened':
        opening.took(event.tookMs, event.reason);
        break;
      case 'agent_failed':
        countFailure(event.code, event.retryable);
        break;
      case 'tool_over':
        tools.took(event.endedAtMs - event.startedAtMs, event.failed ? 'failed' : 'answered');
        break;
    }
  };
}

function addFailures(registry: Registry): (code: ErrorCode, retryable: boolean) => void {
  const counter = new Counter({
    name: 'avatar_agent_failures_total',
    help: 'Connections to the agent that broke or could not be opened, by error code, and whether trying again can help (false: a wrong key, say)',
    labelNames: ['code', 'retryable'],
    registers: [],
  });
  registry.registerMetric(counter);
  for (const code of AGENT_CODES) {
    for (const retryable of ['true', 'false']) counter.inc({ code, retryable }, 0);
  }
  return (code, retryable) => {
    if (AGENT_CODES.includes(code)) counter.inc({ code, retryable: String(retryable) });
  };
}
