import type { Weights } from '../../weights.js';
import { Expression } from '../expression.js';
import type { Face, FaceOptions, Light } from '../face.js';
import { Idle, type Mood } from '../idle.js';
import type { Motion } from '../motion.js';
import type { Side } from '../sides.js';
import { wearColours } from './colours.js';
import { drawFlatFace } from './drawing.js';
import { drawEye } from './eyes.js';
import { drawMouth, type MouthDrawing } from './mouth.js';

/** After a pause this long (a hidden tab) the face goes on from where it was. */
const LONGEST_STEP_MS = 100;

/** The face as a calm drawing: for browsers that cannot draw the head. */
export class FlatFace implements Face {
  readonly kind = '2d';
  readonly #options: FaceOptions;
  readonly #expression: Expression;
  readonly #idle = new Idle();
  readonly #drawing: SVGElement;
  /** The drawing's parts, looked up once. */
  readonly #parts = new Map<string, Element>();
  #drawnAtMs = 0;
  /** Emphasis of the speech: nods the head a little with the jaw. */
  #emphasis = 0;

  constructor(stage: HTMLElement, options: FaceOptions) {
    this.#options = options;
    this.#expression = new Expression(options.articulation);
    this.#drawing = drawFlatFace();
    if (options.theme !== undefined) wearColours(this.#drawing, options.theme);
    stage.querySelector('.behind')?.after(this.#drawing);
  }

  draw(weights: Weights | undefined, mood: Mood, nowMs: number): void {
    const stepMs = Math.max(0, Math.min(LONGEST_STEP_MS, nowMs - this.#drawnAtMs));
    this.#drawnAtMs = nowMs;
    this.#expression.follow(weights, stepMs);
    const motion = this.#idle.step(stepMs, mood);
    this.#emphasis += (this.#expression.amount('jawOpen') - this.#emphasis) * (1 - Math.exp(-stepMs / 120));
    this.#drawHead(motion);
    this.#drawEye('Left', motion);
    this.#drawEye('Right', motion);
    this.#drawMouth(drawMouth(this.#expression));
    this.#drawNoseAndCheeks();
  }

  resize(): void {
    // The drawing scales by itself.
  }

  setTheme(_light: Light): void {
    // The stage says which, and face.css follows it.
  }

  dispose(): void {
    this.#drawing.remove();
  }

  /** Near things move more than far ones when the head turns: that makes it round. */
  #drawHead({ yaw, pitch, rollDegrees, breath }: Motion): void {
    const nod = pitch + 1.2 * this.#emphasis;
    const shift = (part: string, depth: number) =>
      this.#attribute(
        part,
        'transform',
        `translate(${(depth * yaw).toFixed(2)} ${(0.8 * depth * nod).toFixed(2)})`,
      );
    this.#attribute('body-group', 'transform', `translate(0 ${(1.5 * breath).toFixed(2)})`);
    this.#attribute(
      'head-group',
      'transform',
      `translate(0 ${breath.toFixed(2)}) rotate(${rollDegrees.toFixed(2)} 240 380)`,
    );
    shift('hair-back', -3);
    shift('head-shape', 2);
    shift('ears', -1);
    shift('features', 6);
    shift('nose', 2.5);
    shift('hair-front', 4);
  }

  #drawEye(side: Side, motion: Motion): void {
    const id = side === 'Left' ? 'left' : 'right';
    const eye = drawEye(this.#expression, side, motion, this.#options.eyes ?? 'server');
    this.#attribute(`${id}-eye-ball`, 'd', eye.ball);
    this.#attribute(`${id}-eye-clip`, 'd', eye.ball);
    this.#attribute(`${id}-eye-lashes`, 'd', eye.lashes);
    this.#attribute(`${id}-eye-fold`, 'd', eye.fold);
    this.#attribute(`${id}-eye-fold`, 'opacity', eye.foldStrength.toFixed(2));
    this.#attribute(
      `${id}-eye-iris`,
      'transform',
      `translate(${eye.irisX.toFixed(2)} ${eye.irisY.toFixed(2)})`,
    );
    this.#attribute(`${id}-brow`, 'd', eye.brow);
  }

  #drawMouth(mouth: MouthDrawing): void {
    this.#attribute('mouth-lips', 'd', mouth.lips);
    this.#attribute('mouth-opening', 'd', mouth.opening);
    this.#attribute('mouth-clip', 'd', mouth.opening);
    this.#attribute('mouth-upper-teeth', 'd', mouth.upperTeeth);
    this.#attribute('mouth-lower-teeth', 'd', mouth.lowerTeeth);
    this.#attribute('mouth-tongue', 'd', mouth.tongue);
    this.#attribute('mouth-tongue-out', 'd', mouth.tongueOut);
    this.#attribute('mouth-shade', 'd', mouth.shade);
    this.#attribute('head-outline', 'd', this.#outline(mouth));
  }

  /** The head below the temples goes with the jaw, and puffs with the cheeks. */
  #outline({ chinDrop, chinShift }: MouthDrawing): string {
    const cheek = 87 + 15 * this.#expression.amount('cheekPuff');
    const chinX = 240 + chinShift;
    const chinY = 388 + chinDrop + 3 * this.#expression.amount('jawForward');
    const side = (outward: 1 | -1) => ({
      temple: `${240 + outward * 97} 235`,
      cheekAbove: `${240 + outward * 100} 275`,
      cheek: `${(240 + outward * cheek).toFixed(1)} ${(318 + 0.3 * chinDrop).toFixed(1)}`,
      cheekBelow: `${(240 + outward * (cheek - 12)).toFixed(1)} ${(352 + 0.6 * chinDrop).toFixed(1)}`,
      chin: `${(chinX + outward * 47).toFixed(1)} ${chinY.toFixed(1)}`,
    });
    const [right, left] = [side(-1), side(1)];
    return `M${right.temple}C143 130 337 130 ${left.temple}C${left.cheekAbove} ${left.cheekAbove} ${left.cheek}C${left.cheekBelow} ${left.chin} ${chinX.toFixed(1)} ${chinY.toFixed(1)}C${right.chin} ${right.cheekBelow} ${right.cheek}C${right.cheekAbove} ${right.cheekAbove} ${right.temple}Z`;
  }

  #drawNoseAndCheeks(): void {
    const sneer = this.#expression.both('noseSneer');
    this.#attribute('nose-wings', 'transform', `translate(0 ${(-4 * sneer).toFixed(2)})`);
    this.#attribute('nose-wrinkles', 'opacity', Math.max(0, sneer - 0.1).toFixed(2));
    for (const side of ['Left', 'Right'] as const) {
      const smile = this.#expression.amount(`mouthSmile${side}`);
      const squint = this.#expression.amount(`cheekSquint${side}`);
      const size = 1 + 0.25 * this.#expression.amount('cheekPuff') + 0.08 * smile;
      const x = side === 'Left' ? 62 : -62;
      this.#attribute(
        `${side.toLowerCase()}-cheek`,
        'transform',
        `translate(${x} ${(-5 * smile - 5 * squint).toFixed(2)}) scale(${size.toFixed(3)})`,
      );
    }
  }

  #attribute(id: string, name: string, value: string): void {
    const part = this.#parts.get(id) ?? this.#drawing.querySelector(`#${id}`);
    if (part === null) throw new TypeError(`no #${id} in the drawing`);
    this.#parts.set(id, part);
    part.setAttribute(name, value);
  }
}
