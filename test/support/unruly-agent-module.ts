import { randomUUID } from 'node:crypto';
import { ScriptedAgent, type ScriptedSession } from '../../src/agents/scripted/scripted-agent.ts';
import { defineAgent } from '../../src/index.ts';

const SAMPLE_RATE = 24_000;

/**
 * An agent for processes under test, which does what it is told: "speak 5" speaks for five seconds, "crash" throws where
 * nobody catches, "reject" rejects where nobody waits. Sound makes it throw where it is called.
 */
export const agent = defineAgent({
  name: 'unruly',
  create: () => new ScriptedAgent({ onText: obey, onAudio: throwBack }),
});

function obey(text: string, session: ScriptedSession): void {
  const [what, seconds] = text.split(' ');
  switch (what) {
    case 'speak':
      speak(session, Number(seconds));
      break;
    case 'crash':
      setTimeout(() => {
        throw new Error('sentinel crash');
      });
      break;
    case 'reject':
      void Promise.reject(new Error('sentinel rejection'));
      break;
  }
}

function throwBack(): void {
  throw new Error('sentinel throw');
}

function speak(session: ScriptedSession, seconds: number): void {
  const turnId = randomUUID();
  session.emit({ type: 'turn_started', turnId });
  for (let second = 0; second < seconds; second += 1) {
    const pcm = Int16Array.from({ length: SAMPLE_RATE }, (_, at) => 8000 * Math.sin(at / 20));
    session.emit({ type: 'audio', turnId, pcm });
  }
  session.emit({ type: 'turn_ended', turnId });
}
