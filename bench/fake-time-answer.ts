import { ScriptedAgent } from '../src/agents/scripted/scripted-agent.ts';
import { concatPcm } from '../src/audio/pcm.ts';
import { loudnessAnimator } from '../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../src/log.ts';
import type { Transport } from '../src/session/outbox.ts';
import { Session } from '../src/session/session.ts';
import { FakeClock } from '../src/time/fake-clock.ts';

/** The agent delivers five times as fast as is played, a step at a time. */
const STEP_MS = 20;
const SPEED = 5;

/** One answer to be played. */
export interface FakeTimeAnswer {
  readonly sent: Int16Array;
  readonly deltaSamples: number;
  readonly agentRate: number;
  readonly wireRate: number;
}

/** Plays an answer through a whole session, as fast as the machine can, and gives the sound that came out. */
export async function playInFakeTime(answer: FakeTimeAnswer): Promise<Int16Array> {
  const clock = new FakeClock();
  const agent = new ScriptedAgent({ inputRate: answer.agentRate, outputRate: answer.agentRate });
  const recorder = new Recorder();
  const session = new Session(recorder, {
    agent,
    animator: loudnessAnimator(),
    clock,
    log: silentLogger(),
    tools: [],
    instructions: () => '',
    inputRate: answer.wireRate,
    outputRate: answer.wireRate,
    fps: 30,
    leadMs: 400,
    random: () => 0.5,
  });
  await clock.advance(0);
  await deliver(answer, agent, clock);
  await clock.advance((answer.sent.length / answer.agentRate) * 1000 + 1000);
  await session.close();
  return concatPcm(recorder.sound);
}

async function deliver(answer: FakeTimeAnswer, agent: ScriptedAgent, clock: FakeClock): Promise<void> {
  const { sent, deltaSamples, agentRate } = answer;
  const stepSamples = (agentRate * STEP_MS * SPEED) / 1000;
  const speaker = agent.sessions[0];
  if (speaker === undefined) throw new Error('the session did not open its agent');
  for (let from = 0, due = 0; from < sent.length; from += deltaSamples) {
    for (; due < from; due += stepSamples) await clock.advance(STEP_MS);
    const pcm = sent.slice(from, from + deltaSamples);
    speaker.emit({ type: 'audio', turnId: 'answer', pcm });
  }
  speaker.emit({ type: 'turn_ended', turnId: 'answer' });
}

/** Keeps the sound of every frame but the fillers, which are the server's own silence. */
class Recorder implements Transport {
  readonly bufferedBytes = 0;
  readonly heardAtMs = 0;
  readonly lagMs = 0;
  readonly sound: Int16Array[] = [];

  send(text: string): void {
    if (!text.startsWith('{"type":"sync_frame"')) return;
    const { audio, filler } = JSON.parse(text) as { audio: string; filler?: true };
    if (filler) return;
    this.sound.push(new Int16Array(new Uint8Array(Buffer.from(audio, 'base64')).buffer));
  }

  congested(): boolean {
    return false;
  }

  onRelief(): void {}

  close(): void {}
}
