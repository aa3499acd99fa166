import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ScriptedAgent, type ScriptedSession } from '../src/agents/scripted/scripted-agent.ts';
import { monotonicMs } from './monotonic.ts';
import { type Mark, type Order, parseOrder } from './order.ts';
import { voice } from './voice.ts';

const SAMPLE_RATE = 24_000;

/** More than any figure gives answers before it asks for their marks. */
const MARKS_KEPT = 1000;

/** One word of text to each so many milliseconds of sound. */
const WORD_EVERY_MS = 400;

/** An agent that gives the answers it is ordered, on an absolute schedule, and stamps their beginning and end. */
export function createTalker(): { readonly agent: ScriptedAgent; readonly takeMarks: () => readonly Mark[] } {
  const say = voice(SAMPLE_RATE);
  let marks: Mark[] = [];
  const onText = async (text: string, session: ScriptedSession) => {
    const order = parseOrder(text);
    session.calls.length = 0;
    marks.push(await answer(order, session, say));
    marks.splice(0, marks.length - MARKS_KEPT);
  };
  // A scripted agent keeps all it was asked, for tests to look at; here that would be taken for a leak of the server's.
  const onOpen = () => {
    agent.sessions.length = 0;
  };
  const agent: ScriptedAgent = new ScriptedAgent({
    inputRate: SAMPLE_RATE,
    outputRate: SAMPLE_RATE,
    onText,
    onOpen,
  });
  const takeMarks = () => {
    const taken = marks;
    marks = [];
    return taken;
  };
  return { agent, takeMarks };
}

async function answer(order: Order, session: ScriptedSession, say: ReturnType<typeof voice>): Promise<Mark> {
  const { durationMs, pieceMs, everyMs } = order;
  const turnId = randomUUID();
  await delay(order.pauseMs);
  session.emit({ type: 'turn_started', turnId });
  const startedAtMs = monotonicMs();
  for (let atMs = 0; atMs < durationMs && !session.options.signal.aborted; atMs += pieceMs) {
    const waitMs = startedAtMs + (atMs / pieceMs) * everyMs - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    const pcm = say(atMs, Math.min(pieceMs, durationMs - atMs));
    session.emit({ type: 'audio', turnId, pcm });
    if (atMs % WORD_EVERY_MS < pieceMs) session.emit({ type: 'text', turnId, text: 'word ' });
  }
  const endedAtMs = monotonicMs();
  if (order.lost) session.lose();
  else session.emit({ type: 'turn_ended', turnId });
  return { orderId: order.id, firstSoundAtMs: startedAtMs, endedAtMs };
}
