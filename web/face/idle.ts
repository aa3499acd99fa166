import type { Motion } from './motion.js';

/** What the avatar is up to. */
export type Mood = 'asleep' | 'calm' | 'attentive' | 'speaking';

/** How long a blink takes to close and to open. */
const LID_CLOSE_MS = 70;
const LID_OPEN_MS = 130;

/** How much the head moves in each mood. */
const LIVELINESS: Record<Mood, number> = { asleep: 0.25, calm: 0.5, attentive: 0.6, speaking: 1.2 };

/** Blinks, glances, breath and a head that is never quite still. */
export class Idle {
  #nowMs = 0;
  #blinkAtMs = 1200;
  #glanceAtMs = 2000;
  #gazeTarget = { x: 0, y: 0 };
  #gaze = { x: 0, y: 0 };
  #liveliness = 0;
  #sleep = 1;
  #tilt = 0;
  readonly #still = window.matchMedia('(prefers-reduced-motion: reduce)');

  /** Goes on by `stepMs`. */
  step(stepMs: number, mood: Mood): Motion {
    this.#nowMs += stepMs;
    const eased = (from: number, to: number, timeConstantMs: number) =>
      from + (to - from) * (1 - Math.exp(-stepMs / timeConstantMs));
    this.#glance(mood);
    this.#gaze = {
      x: eased(this.#gaze.x, this.#gazeTarget.x, 35),
      y: eased(this.#gaze.y, this.#gazeTarget.y, 35),
    };
    this.#liveliness = eased(this.#liveliness, this.#still.matches ? 0 : LIVELINESS[mood], 400);
    this.#sleep = eased(this.#sleep, mood === 'asleep' ? 1 : 0, 250);
    this.#tilt = eased(this.#tilt, mood === 'attentive' ? 1 : 0, 350);
    const life = this.#liveliness;
    return {
      lids: Math.max(this.#blink(), this.#sleep),
      gazeX: this.#gaze.x,
      gazeY: this.#gaze.y,
      yaw: life * this.#wave(5300, 2900) + 0.5 * this.#gaze.x,
      pitch: life * this.#wave(4100, 1700) + 0.4 * this.#gaze.y + 0.9 * this.#sleep - 0.2 * this.#tilt,
      rollDegrees: 2.2 * life * this.#wave(7100, 3700) + 4 * this.#tilt + 5 * this.#sleep,
      breath: this.#still.matches ? 0 : Math.sin((2 * Math.PI * this.#nowMs) / 3900),
    };
  }

  /** Two slow waves whose periods never meet: a drift that does not look like a loop. */
  #wave(slowMs: number, fastMs: number): number {
    const turn = 2 * Math.PI * this.#nowMs;
    return 0.65 * Math.sin(turn / slowMs) + 0.35 * Math.sin(turn / fastMs + 1);
  }

  #blink(): number {
    const sinceMs = this.#nowMs - this.#blinkAtMs;
    if (sinceMs < 0) return 0;
    if (sinceMs < LID_CLOSE_MS) return sinceMs / LID_CLOSE_MS;
    if (sinceMs < LID_CLOSE_MS + LID_OPEN_MS) return 1 - (sinceMs - LID_CLOSE_MS) / LID_OPEN_MS;
    const twice = Math.random() < 0.15;
    this.#blinkAtMs = this.#nowMs + (twice ? 120 : 1800 + 3600 * Math.random());
    return 0;
  }

  /** Looks somewhere else for a moment, then back at the visitor. */
  #glance(mood: Mood): void {
    if (this.#nowMs < this.#glanceAtMs) return;
    const away = this.#gazeTarget.x === 0 && mood !== 'attentive';
    const x = Math.random() - 0.5;
    this.#gazeTarget = away ? { x: x + 0.3 * Math.sign(x), y: 0.6 * (Math.random() - 0.6) } : { x: 0, y: 0 };
    this.#glanceAtMs = this.#nowMs + (away ? 400 + 700 * Math.random() : 1500 + 3000 * Math.random());
  }
}
