import type { Weights } from '../weights.js';
import { FlatFace } from './flat/flat-face.js';
import { findGraphics, type Graphics } from './graphics.js';
import type { Theme } from './head/palette.js';
import type { Mood } from './idle.js';
import { Pace } from './pace.js';
import { drawBefore, drawBehind } from './scenery.js';

/** Day or night. */
export type Light = 'light' | 'dark';

/**
 * A picture is on the screen so long after it was drawn (ms), measured 20 to 45 with a processor that draws: a face says
 * what will be heard then (`heard(SHOWN_AFTER_MS)`).
 */
export const SHOWN_AFTER_MS = 20;

/** Something that shows what an avatar says and how it feels. */
export interface Face {
  /**
   * Draws the next picture; call it once per picture of the screen. Where no graphics card helps it leaves out those
   * that follow within 25 ms.
   *
   * @param weights what is being said; undefined: nothing, the face goes to rest.
   * @param nowMs any clock that never goes back.
   */
  draw(weights: Weights | undefined, mood: Mood, nowMs: number): void;
  /** The place it is shown in has another size now. */
  resize(): void;
  setTheme(light: Light): void;
  readonly kind: '3d' | '2d';
  /** Takes it off the page; do not draw it again. */
  dispose(): void;
}

/** How a face is to be. */
export interface FaceOptions {
  /** Her colours; without: plum hair and a coral sweater. */
  readonly theme?: Theme;
  /** Day or night; without: as the visitor's system has it, also when that changes. */
  readonly light?: Light;
  /** 2d: never the head. Without: the head where the browser can draw it fast enough. */
  readonly kind?: '2d';
  /** Pixels of the head's picture per pixel of the page, to begin with; without: what the screen has, 1 where no GPU helps. */
  readonly pixelRatio?: number;
  /** Whose blinks and glances count: the server's where it sends any (the default), or only the face's own. */
  readonly eyes?: 'server' | 'own';
  /** What the weights mean: how the full-size model speaks (the default), or full articulation of a generic rig. */
  readonly articulation?: 'lam' | 'arkit';
}

/** A face in an element of the page: the head in 3D, or the flat one where that does not work. */
export function createFace(host: HTMLElement, options: FaceOptions = {}): Face {
  return new StagedFace(host, options);
}

/**
 * Pictures that take longer than this are drawn coarser: 30 a second are the aim. Beyond the other one, the flat face is
 * better, but not where the processor stands in for the graphics card: it draws that one, too, and at three times the cost.
 */
const SLOW_MS = 40;
const HOPELESS_MS = 200;

/** Where the processor draws, every second picture of a usual screen is enough: weights come 30 times a second. */
const LEAST_STEP_MS = 25;

/** A browser that has lost its graphics gets this long to find them again. */
const LOST_PATIENCE_MS = 3000;

/** Shows one face after another: nothing while the head loads, then the head, or the flat face in its place. */
class StagedFace implements Face {
  readonly #options: FaceOptions;
  readonly #stage = document.createElement('div');
  readonly #ended = new AbortController();
  readonly #observer = new ResizeObserver(() => this.resize());
  readonly #pace = new Pace();
  #face: Face | undefined;
  #slower: (() => boolean) | undefined;
  readonly #graphics: Graphics | undefined;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: HTMLElement, options: FaceOptions) {
    this.#options = options;
    this.#stage.className = 'face-stage';
    this.#stage.append(drawBehind(), drawBefore());
    host.append(this.#stage);
    this.#observer.observe(this.#stage);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    this.setTheme(options.light ?? (dark.matches ? 'dark' : 'light'));
    if (options.light === undefined) {
      const follow = () => this.setTheme(dark.matches ? 'dark' : 'light');
      dark.addEventListener('change', follow, { signal: this.#ended.signal });
    }
    this.#graphics = options.kind === '2d' ? undefined : findGraphics();
    if (this.#graphics === undefined) this.#goFlat();
    else void this.#loadHead(this.#graphics);
  }

  get kind(): '3d' | '2d' {
    return this.#face?.kind ?? '3d';
  }

  draw(weights: Weights | undefined, mood: Mood, nowMs: number): void {
    if (this.#graphics !== 'gpu' && nowMs - this.#drawnAtMs < LEAST_STEP_MS) return;
    this.#drawnAtMs = nowMs;
    this.#stage.dataset['mood'] = mood;
    this.#face?.draw(weights, mood, nowMs);
    const stepMs = this.#pace.note(nowMs);
    if (stepMs === undefined || stepMs < SLOW_MS || this.#slower === undefined) return;
    if (!this.#slower() && stepMs > HOPELESS_MS && this.#graphics === 'gpu') this.#goFlat();
  }

  resize(): void {
    this.#face?.resize();
  }

  setTheme(light: Light): void {
    this.#stage.dataset['light'] = light;
    this.#face?.setTheme(light);
  }

  dispose(): void {
    this.#ended.abort();
    this.#observer.disconnect();
    this.#face?.dispose();
    this.#face = undefined;
    this.#stage.remove();
  }

  async #loadHead(graphics: Graphics): Promise<void> {
    try {
      const { HeadFace } = await import('./head/head-face.js');
      if (this.#ended.signal.aborted) return;
      const head = new HeadFace(this.#stage, this.#options, graphics, () => this.#onGraphicsLost());
      this.#slower = () => head.drawLess();
      this.#show(head);
    } catch {
      // No script for it, or not enough of WebGL: everything works with the flat face.
      if (!this.#ended.signal.aborted) this.#goFlat();
    }
  }

  #onGraphicsLost(): void {
    const lost = this.#face;
    window.setTimeout(() => {
      if (lost !== undefined && this.#face === lost && this.#stage.dataset['graphics'] === 'lost')
        this.#goFlat();
    }, LOST_PATIENCE_MS);
  }

  #goFlat(): void {
    this.#slower = undefined;
    this.#show(new FlatFace(this.#stage, this.#options));
  }

  #show(face: Face): void {
    this.#face?.dispose();
    this.#face = face;
    this.#stage.dataset['kind'] = face.kind;
    face.setTheme(this.#stage.dataset['light'] as Light);
    face.resize();
  }
}
