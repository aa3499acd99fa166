import type { Logger } from '../log.ts';
import { type Observer, observeSessions } from './observer.ts';
import type { TurnReport } from './turn-record.ts';

/** Writes a line for each answer that is over: how long it took, and whose part of that it was. No word of it. */
export function turnLog(log: Logger): Observer {
  return observeSessions((ids) => {
    const sessionLog = log.child({ ...ids });
    return (event) => {
      if (event.type === 'turn_over') sessionLog.info(figures(event.turn), 'turn over');
    };
  });
}

function figures(turn: TurnReport): Readonly<Record<string, string | number>> {
  const { question, firstSoundAtMs, firstFrameAtMs } = turn;
  return {
    turnId: turn.turnId,
    end: turn.end,
    ...(question === undefined
      ? {}
      : {
          question: question.kind,
          firstFrameMs: Math.round(firstFrameAtMs - question.atMs),
          agentMs: Math.round(firstSoundAtMs - question.atMs),
        }),
    ownMs: Math.round(firstFrameAtMs - firstSoundAtMs),
    frames: turn.frames,
    late: turn.lateFrames,
    dry: turn.dryFrames,
    fillers: turn.fillers,
    missingFaces: turn.missingFaces,
  };
}
