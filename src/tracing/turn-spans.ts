import type * as Api from '@opentelemetry/api';
import { type Observer, observeSessions, type SessionEvent, type SessionIds } from '../session/observer.ts';
import type { TurnReport } from '../session/turn-record.ts';
import type { Clock } from '../time/clock.ts';

/** So many tools of one conversation wait for the answer they belong to. */
const MAX_TOOLS = 32;

/** What {@link turnSpans} needs. */
export interface TurnSpansOptions {
  readonly api: typeof Api;
  readonly tracer: Api.Tracer;
  readonly clock: Clock;
  /** The agent's name, for every span. */
  readonly agent: string;
}

type ToolOver = Extract<SessionEvent, { readonly type: 'tool_over' }>;

/**
 * Makes a trace of each answer when it is over: `turn` from the question to the end of its playing, and within it
 * `agent.wait` (question to first sound), `first_frame` (first sound to first frame), `playout` (to the last frame),
 * `drain` (until the client has played all), and a `tool` for each that was called on the way. While the answer is
 * spoken nothing is done but noting times. Attributes are names and numbers, never what was said.
 */
export function turnSpans(options: TurnSpansOptions): Observer {
  return observeSessions((ids) => {
    let tools: ToolOver[] = [];
    return (event) => {
      if (event.type === 'tool_over') {
        tools.push(event);
        if (tools.length > MAX_TOOLS) tools.shift();
      } else if (event.type === 'turn_over') {
        makeTrace(options, ids, event.turn, tools);
        tools = [];
      }
    };
  });
}

function makeTrace(
  { api, tracer, clock, agent }: TurnSpansOptions,
  ids: SessionIds,
  turn: TurnReport,
  tools: readonly ToolOver[],
): void {
  const wallOffsetMs = clock.wallNow() - clock.now();
  const at = (ms: number) => hrTime(ms + wallOffsetMs);
  const startedAtMs = turn.question?.atMs ?? turn.firstSoundAtMs;
  const root = tracer.startSpan(
    'turn',
    {
      root: true,
      startTime: at(startedAtMs),
      attributes: { ...attributesOf(turn), 'session.id': ids.sessionId, 'avatar.agent': agent },
    },
    api.ROOT_CONTEXT,
  );
  if (ids.requestId !== undefined) root.setAttribute('avatar.request.id', ids.requestId);
  if (turn.end === 'failed') root.setStatus({ code: api.SpanStatusCode.ERROR });
  const within = api.trace.setSpan(api.ROOT_CONTEXT, root);
  const child = (name: string, fromMs: number, toMs: number, attributes: Api.Attributes = {}) => {
    const span = tracer.startSpan(name, { startTime: at(fromMs), attributes }, within);
    if (attributes['error'] === true) span.setStatus({ code: api.SpanStatusCode.ERROR });
    span.end(at(toMs));
  };
  if (turn.question !== undefined) child('agent.wait', turn.question.atMs, turn.firstSoundAtMs);
  for (const { name, startedAtMs: fromMs, endedAtMs, failed } of tools) {
    if (fromMs >= startedAtMs) child('tool', fromMs, endedAtMs, { 'avatar.tool.name': name, error: failed });
  }
  child('first_frame', turn.firstSoundAtMs, turn.firstFrameAtMs);
  child('playout', turn.firstFrameAtMs, turn.lastFrameAtMs);
  child('drain', turn.lastFrameAtMs, turn.endedAtMs);
  root.end(at(turn.endedAtMs));
}

function attributesOf(turn: TurnReport): Api.Attributes {
  return {
    'avatar.turn.id': turn.turnId,
    'avatar.turn.end': turn.end,
    'avatar.question': turn.question?.kind ?? 'none',
    'avatar.frames': turn.frames,
    'avatar.frames.late': turn.lateFrames,
    'avatar.frames.dry': turn.dryFrames,
    'avatar.frames.filler': turn.fillers,
    'avatar.frames.missing_face': turn.missingFaces,
  };
}

/** Unix milliseconds as seconds and nanoseconds; a plain number could be taken for a time since the start. */
function hrTime(unixMs: number): Api.HrTime {
  const seconds = Math.floor(unixMs / 1000);
  return [seconds, Math.round((unixMs - seconds * 1000) * 1e6)];
}
