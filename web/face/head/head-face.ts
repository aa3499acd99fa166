import type { Weights } from '../../weights.js';
import { Expression } from '../expression.js';
import type { Face, FaceOptions, Light } from '../face.js';
import { eyeState } from '../gaze.js';
import type { Graphics } from '../graphics.js';
import { Idle, type Mood } from '../idle.js';
import type { Motion } from '../motion.js';
import type { Side } from '../sides.js';
import type { EyePose } from './eye.js';
import { HeadModel } from './model.js';
import { paletteOf, THEME } from './palette.js';
import { HeadView } from './view.js';

/** After a pause this long (a hidden tab) the face goes on from where it was. */
const LONGEST_STEP_MS = 100;

/** How far (radians) the head turns and nods when the idle motion says 1. */
const YAW = 0.085;
const PITCH = 0.06;
const DEGREE = Math.PI / 180;

/** Pixels of the drawing per pixel of the page, from the best to the fastest. */
const PIXEL_RATIOS = [2, 1.5, 1, 0.75] as const;

/** The head in 3D. */
export class HeadFace implements Face {
  readonly kind = '3d';
  readonly #options: FaceOptions;
  readonly #expression: Expression;
  readonly #idle = new Idle();
  readonly #model: HeadModel;
  readonly #view: HeadView;
  #drawnAtMs = 0;
  /** Emphasis of the speech: nods the head a little with the jaw. */
  #emphasis = 0;
  #quality: number;

  /**
   * @param onLost told when the browser has lost its graphics; they may come back.
   * @throws Error where WebGL does not work.
   */
  constructor(stage: HTMLElement, options: FaceOptions, graphics: Graphics, onLost: () => void) {
    this.#options = options;
    this.#expression = new Expression(options.articulation);
    const theme = options.theme ?? THEME;
    const palette = paletteOf(theme);
    this.#model = new HeadModel(palette);
    this.#view = new HeadView(this.#model, palette, theme, graphics);
    const { canvas } = this.#view;
    canvas.className = 'head';
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // it may be restored, and three.js then makes everything again
      stage.dataset['graphics'] = 'lost';
      onLost();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      stage.dataset['graphics'] = 'restored';
      this.resize();
    });
    const most = options.pixelRatio ?? (graphics === 'software' ? 1 : window.devicePixelRatio);
    const affordable = PIXEL_RATIOS.findIndex((ratio) => ratio <= most);
    this.#quality = Math.max(0, affordable);
    stage.querySelector('.behind')?.after(canvas);
  }

  draw(weights: Weights | undefined, mood: Mood, nowMs: number): void {
    const stepMs = Math.max(0, Math.min(LONGEST_STEP_MS, nowMs - this.#drawnAtMs));
    this.#drawnAtMs = nowMs;
    this.#expression.follow(weights, stepMs);
    const motion = this.#idle.step(stepMs, mood);
    const face = this.#expression;
    this.#emphasis += (face.amount('jawOpen') - this.#emphasis) * (1 - Math.exp(-stepMs / 120));
    this.#model.pose({
      amount: (name) => face.amount(name),
      left: this.#eye('Left', motion),
      right: this.#eye('Right', motion),
    });
    const { yaw, pitch, rollDegrees, breath } = motion;
    this.#view.draw(YAW * yaw, PITCH * (pitch + 0.8 * this.#emphasis), DEGREE * rollDegrees, breath);
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.#view.canvas;
    if (clientWidth > 0 && clientHeight > 0)
      this.#view.resize(clientWidth, clientHeight, PIXEL_RATIOS[this.#quality] ?? 1);
  }

  setTheme(light: Light): void {
    this.#view.setLight(light);
  }

  /** Makes the picture coarser, so that it is drawn faster. False when it already is as coarse as it may be. */
  drawLess(): boolean {
    if (this.#quality >= PIXEL_RATIOS.length - 1) return false;
    this.#quality += 1;
    this.resize();
    return true;
  }

  dispose(): void {
    this.#view.dispose();
  }

  #eye(side: Side, motion: Motion): EyePose {
    const face = this.#expression;
    const { closed, x, y } = eyeState(face, side, motion, this.#options.eyes ?? 'server');
    return {
      closed,
      wide: face.amount(`eyeWide${side}`),
      squint: face.amount(`eyeSquint${side}`),
      cheek: Math.min(1, face.amount(`cheekSquint${side}`) + 0.3 * face.amount(`mouthSmile${side}`)),
      lookLeft: x,
      lookUp: -y,
    };
  }
}
