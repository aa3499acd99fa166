/** Where in the head's vertices (and in the flat drawing) the jaw and the brows are looked up. */
export interface Landmarks {
  readonly lipVertex: number;
  readonly browVertex: number;
}

/** What was seen and heard in a page, by its own clocks; filled by {@link recorderScript}. */
export interface Recording {
  /** Sound that reached the loudspeaker's node: the first sample's place on the audio clock, and 32-bit floats as base64. */
  readonly blocks: readonly { readonly at: number; readonly samples: string }[];
  readonly pictures: readonly Picture[];
  /** Both clocks at one moment, many times: milliseconds of the page, seconds of the audio clock and of its delay. */
  readonly clocks: readonly (readonly [pageMs: number, audioS: number, latencyS: number])[];
  /** What the page said it was doing, and since when (ms). */
  readonly states: readonly { readonly atMs: number; readonly state: string }[];
  /** When the visitor pressed the stop button (ms), and the audio clock (s) once the page had dealt with it. */
  readonly stopped: { readonly atMs: number; readonly audioS: number } | undefined;
}

/** A picture as it went to be drawn. */
export interface Picture {
  /** When its drawing had been asked for (ms). */
  readonly atMs: number;
  /** The audio clock (s) before the page was asked for the picture, and after. */
  readonly audioS: readonly [before: number, after: number];
  readonly kind: '3d' | '2d' | 'bars';
  /** Heights of the lower lip and of a brow, in the head's or the drawing's own units. */
  readonly lip: number;
  readonly brow: number;
  /** Dark pixels of the mouth in the canvas itself, where it was read. */
  readonly dark?: number;
  /** How long after the draw was asked for its pixels were there (ms), where they were read. */
  readonly pixelsAfterMs?: number;
}

/**
 * Runs on the audio thread: passes on what comes, with its time, and leaves out silence.
 *
 * It counts by itself: Chromium copies the clock to where a script reads it only if it gets a lock at once
 * (crbug.com/442866743), so that `currentFrame` now and then is that of the block before.
 */
const TAP_SCRIPT = `
const BATCH = 16;
registerProcessor('sync-tap', class extends AudioWorkletProcessor {
  #batch = [];
  #at = 0;
  #next = 0;
  process([[samples]]) {
    if (currentFrame > this.#next) this.#next = currentFrame;
    if (this.#batch.length === 0) this.#at = this.#next;
    this.#next += 128;
    this.#batch.push(samples === undefined ? new Float32Array(128) : samples.slice());
    if (this.#batch.length < BATCH) return true;
    const all = new Float32Array(128 * BATCH);
    this.#batch.forEach((part, index) => all.set(part, 128 * index));
    this.#batch = [];
    if (all.some((sample) => sample !== 0)) this.port.postMessage({ at: this.#at, samples: all.buffer }, [all.buffer]);
    return true;
  }
});`;

/**
 * Runs in the page before its own scripts, and knows nothing of them: what goes to the loudspeaker is copied on the
 * way, what is uploaded to draw the head (or set on the flat drawing) is noted with the time, and both clocks are read at
 * every picture. The page must be open for a `blob:` script (bypassCSP).
 *
 * @param pixels also reads the mouth's pixels after every picture; it holds the page up.
 */
export function recorderScript({ lipVertex, browVertex }: Landmarks, pixels = false): string {
  return `(() => {
  const recording = { blocks: [], pictures: [], clocks: [], states: [], stopped: undefined };
  const tapAddress = URL.createObjectURL(new Blob([${JSON.stringify(TAP_SCRIPT)}], { type: 'text/javascript' }));
  let context;
  const gates = new WeakMap();
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    return connect.call(this, gates.get(to) ?? to, ...rest);
  };
  const base64 = (buffer) => {
    let text = '';
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      context = this;
      const gate = new GainNode(this);
      connect.call(gate, this.destination);
      gates.set(this.destination, gate);
      this.audioWorklet.addModule(tapAddress).then(() => {
        const tap = new AudioWorkletNode(this, 'sync-tap');
        tap.port.onmessage = ({ data }) => recording.blocks.push({ at: data.at, samples: base64(data.samples) });
        connect.call(gate, tap);
        connect.call(tap, this.destination);
        window.syncTapped = true;
      });
    }
  };

  let drawn;
  let canvas;
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const gl = getContext.call(this, kind, ...rest);
    if (kind === 'webgl2' && gl !== null) canvas = gl;
    return gl;
  };
  const upload = WebGL2RenderingContext.prototype.bufferSubData;
  WebGL2RenderingContext.prototype.bufferSubData = function (target, to, source, ...rest) {
    // Normals are uploaded, too: the head's first vertex is far from its middle, a normal has length 1.
    const isPositions = source instanceof Float32Array && source.length > ${3 * lipVertex + 2} && Math.abs(Math.hypot(source[0], source[1], source[2]) - 1) > 1e-3;
    if (isPositions) drawn = { kind: '3d', lip: source[${3 * lipVertex + 1}], brow: source[${3 * browVertex + 1}] };
    return upload.call(this, target, to, source, ...rest);
  };
  const flat = {};
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (this.id === 'sync-bars' && name === 'd') {
      const [jaw, brows] = value.match(/[\\d.]+/g).map(Number);
      drawn = { kind: 'bars', lip: jaw, brow: brows };
    }
    if (name === 'd' && (this.id === 'mouth-shade' || this.id === 'left-brow')) {
      flat[this.id] = Number(/^M\\S+ (-?[\\d.]+)/.exec(value)?.[1]);
      if (this.id === 'mouth-shade') drawn = { kind: '2d', lip: flat['mouth-shade'], brow: flat['left-brow'] };
    }
    return setAttribute.call(this, name, value);
  };

  const readMouth = (gl) => {
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const column = new Uint8Array(4 * height);
    gl.readPixels(width >> 1, 0, 1, height, gl.RGBA, gl.UNSIGNED_BYTE, column);
    let dark = 0;
    for (let at = Math.round(0.2 * height); at < 0.5 * height; at += 1)
      if (column[4 * at] < 130 && column[4 * at + 1] < 60) dark += 1;
    return dark;
  };
  const request = window.requestAnimationFrame.bind(window);
  const note = () => {
    if (context === undefined) return;
    recording.clocks.push([performance.now(), context.currentTime, context.outputLatency || context.baseLatency || 0]);
  };
  window.requestAnimationFrame = (callback) => request((nowMs) => {
    note();
    const before = context?.currentTime ?? 0;
    callback(nowMs);
    if (drawn === undefined) return;
    const picture = { atMs: performance.now(), audioS: [before, context?.currentTime ?? 0], ...drawn };
    drawn = undefined;
    if (${pixels} && picture.kind === '3d') {
      picture.dark = readMouth(canvas);
      picture.pixelsAfterMs = performance.now() - picture.atMs;
    }
    recording.pictures.push(picture);
  });
  const isStop = ({ target }) => target instanceof Element && target.closest('#stop') !== null;
  let pressedAtMs;
  window.addEventListener('click', (event) => {
    if (isStop(event)) pressedAtMs = performance.now();
  }, { capture: true });
  window.addEventListener('click', (event) => {
    if (isStop(event)) recording.stopped = { atMs: pressedAtMs, audioS: context?.currentTime ?? 0 };
  });
  new MutationObserver(() => {
    const state = document.body?.dataset.state;
    if (state !== undefined && state !== recording.states.at(-1)?.state) recording.states.push({ atMs: performance.now(), state });
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
  // Gives what there is, and begins anew.
  window.takeSyncRecording = () => {
    const taken = { ...recording };
    Object.assign(recording, { blocks: [], pictures: [], clocks: [], states: [], stopped: undefined });
    return taken;
  };
})()`;
}
