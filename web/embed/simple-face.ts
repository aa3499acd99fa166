import type { Weights } from '../client/src/index.js';
import { svg } from './dom.js';

/** What the avatar is up to. */
export type Mood = 'asleep' | 'calm' | 'attentive' | 'speaking';

/** Day or night. */
export type Light = 'light' | 'dark';

/** A face in an element of a page. */
export interface EmbeddedFace {
  /**
   * Draws the next picture.
   *
   * @param weights what is being said; undefined: nothing, the face goes to rest.
   * @param nowMs any clock that never goes back.
   */
  draw(weights: Weights | undefined, mood: Mood, nowMs: number): void;
  setTheme(light: Light): void;
  /** Takes it off the page. */
  dispose(): void;
}

/** Small amounts are drawn larger, as a drawing must; 0 and 1 stay. */
const lift = (amount: number) => (1 - Math.exp(-4 * amount)) / (1 - Math.exp(-4));

const BLINK_EVERY_MS = 4200;
const BLINK_MS = 180;
const CLOSED = 0.08;

/** A few shapes that speak, blink and smile. */
export function createSimpleFace(host: HTMLElement): EmbeddedFace {
  const eye = (cx: number) => svg('ellipse', { class: 'eye', cx, cy: 88, rx: 9, ry: 12 });
  const eyes = [eye(72), eye(128)] as const;
  const mouth = svg('path', { class: 'mouth' });
  const brows = svg('path', { class: 'brows' });
  const head = svg('circle', { class: 'head', cx: 100, cy: 100, r: 84 });
  const drawing = svg('svg', { viewBox: '0 0 200 200', class: 'simple-face', 'aria-hidden': 'true' });
  drawing.append(head, brows, ...eyes, mouth);
  host.append(drawing);
  return {
    draw: (weights = {}, mood, nowMs) => {
      const amount = (name: keyof Weights) => lift(weights[name] ?? 0);
      const both = (name: 'mouthSmile' | 'mouthStretch' | 'mouthLowerDown') =>
        (amount(`${name}Left`) + amount(`${name}Right`)) / 2;
      const blinks = nowMs % BLINK_EVERY_MS < BLINK_MS || mood === 'asleep';
      const lids = Math.max(CLOSED, blinks ? CLOSED : 1 - amount('eyeBlinkLeft'));
      for (const each of eyes) each.setAttribute('ry', (12 * lids).toFixed(1));
      const smile = Math.max(0.25, both('mouthSmile'));
      const round = Math.min(1, amount('mouthPucker') + amount('mouthFunnel'));
      const open = Math.max(0, amount('jawOpen') + 0.4 * both('mouthLowerDown') - amount('mouthClose'));
      const half = (34 + 8 * both('mouthStretch') + 6 * smile) * (1 - 0.55 * round);
      const corner = 134 - 8 * smile;
      const top = 138 - 4 * open;
      const bottom = 140 + 6 * smile + 34 * open;
      mouth.setAttribute(
        'd',
        `M${(100 - half).toFixed(1)} ${corner.toFixed(1)}Q100 ${top.toFixed(1)} ${(100 + half).toFixed(1)} ${corner.toFixed(1)}Q100 ${bottom.toFixed(1)} ${(100 - half).toFixed(1)} ${corner.toFixed(1)}Z`,
      );
      const raised = 66 - 8 * amount('browInnerUp');
      brows.setAttribute('d', `M58 ${raised}q14 -7 28 0M114 ${raised}q14 -7 28 0`);
    },
    setTheme: () => undefined, // the panel's style colours it
    dispose: () => drawing.remove(),
  };
}
