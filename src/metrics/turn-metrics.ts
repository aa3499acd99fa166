import { Counter, type Registry } from 'prom-client';
import { FRAME_FACES, FRAME_TIMINGS, type FrameFace, type FrameTiming } from '../session/frame-kinds.ts';
import { BARGE_INS, type Observe } from '../session/observer.ts';
import { TURN_ENDS, type TurnBeginning } from '../session/turn-record.ts';
import { latency, QUICK_BUCKETS, WAIT_BUCKETS } from './latency.ts';
import { tally, total } from './tally.ts';

/** What an answer's time is counted from; `agent`: the agent spoke unasked, or does not say when the user finished. */
const COUNTED_FROM = ['text', 'speech', 'microphone', 'agent'] as const;

/** Adds the metrics of answers and their frames. */
export function addTurnMetrics(registry: Registry): Observe {
  const turns = tally(
    registry,
    {
      name: 'avatar_turns_total',
      help: 'Answers that are over and of which at least one frame went out, by end: completed (played out), interrupted (by the user), failed (the agent failed or broke off; what it had said was played), abandoned (the conversation ended while it played)',
    },
    'end',
    TURN_ENDS,
  );
  const firstFrame = latency(
    registry,
    {
      name: 'avatar_first_frame_seconds',
      help: 'From the question to the first frame handed to the socket, by what the question was: text (it was typed), speech (the agent noticed that the user had finished), microphone (the client closed it); agent: no question is known, counted from the first sound of the answer',
    },
    WAIT_BUCKETS,
    'from',
    COUNTED_FROM,
  );
  const agentWait = latency(
    registry,
    {
      name: 'avatar_agent_wait_seconds',
      help: "The agent's part of avatar_first_frame_seconds: from the question to the agent's first sound",
    },
    WAIT_BUCKETS,
    'from',
    COUNTED_FROM.filter((from) => from !== 'agent'),
  );
  const ownPart = latency(
    registry,
    {
      name: 'avatar_frame_wait_seconds',
      help: "This server's part of avatar_first_frame_seconds: from the agent's first sound to the first frame; an answer that waits for the one before it waits here",
    },
    [...QUICK_BUCKETS, 2, 5],
    'from',
    COUNTED_FROM,
  );
  const bargeIn = latency(
    registry,
    {
      name: 'avatar_barge_in_seconds',
      help: "From reading what cut an answer off (the client's interrupt or text, the agent's word that the user speaks) to handing `interrupt` to the socket; no frame of the answer follows it",
    },
    QUICK_BUCKETS,
    'by',
    BARGE_INS,
  );
  let underruns = 0;
  total(
    registry,
    {
      name: 'avatar_underruns_filled_total',
      help: "Times the agent's sound ran out in the middle of an answer and silence was put in",
    },
    () => underruns,
  );
  const countFrame = addFrames(registry);
  const began = ({ question, firstSoundAtMs, firstFrameAtMs }: TurnBeginning) => {
    const from = question?.kind ?? 'agent';
    firstFrame.took(firstFrameAtMs - (question?.atMs ?? firstSoundAtMs), from);
    ownPart.took(firstFrameAtMs - firstSoundAtMs, from);
    if (question !== undefined) agentWait.took(firstSoundAtMs - question.atMs, question.kind);
  };
  return (event) => {
    switch (event.type) {
      case 'frame':
        countFrame(event.timing, event.face);
        break;
      case 'underrun':
        underruns += 1;
        break;
      case 'barge_in':
        bargeIn.took(event.tookMs, event.by);
        break;
      case 'turn_began':
        began(event.turn);
        break;
      case 'turn_over':
        turns.count(event.turn.end);
        break;
    }
  };
}

/** Frames by two labels: thirty a second for each voice, so counting is one addition. */
function addFrames(registry: Registry): (timing: FrameTiming, face: FrameFace) => void {
  const counts = Object.fromEntries(
    FRAME_TIMINGS.map((timing) => [timing, Object.fromEntries(FRAME_FACES.map((face) => [face, 0]))]),
  ) as Record<FrameTiming, Record<FrameFace, number>>;
  registry.registerMetric(
    new Counter({
      name: 'avatar_frames_total',
      help: 'Frames handed to sockets, by timing: on_time, late (more than 50 ms after its schedule had come and its sound was there), dry (the client had nothing left to play); and by face: animated, missing (not there in time: the mouth closes), filler (silence put in), off',
      labelNames: ['timing', 'face'],
      registers: [],
      collect() {
        this.reset();
        for (const timing of FRAME_TIMINGS) {
          for (const face of FRAME_FACES) this.inc({ timing, face }, counts[timing][face]);
        }
      },
    }),
  );
  return (timing, face) => {
    counts[timing][face] += 1;
  };
}
