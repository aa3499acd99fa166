/** Why a camera is not on. */
export type CameraErrorCode = 'denied' | 'missing' | 'busy' | 'insecure' | 'lost' | 'unknown';

/** What the camera is doing. */
export type CameraState =
  | { readonly kind: 'off' }
  /** The browser is asking the visitor, or the device starts. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'on' }
  | { readonly kind: 'failed'; readonly code: CameraErrorCode };

const CODES: Readonly<Record<string, CameraErrorCode>> = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
  SecurityError: 'insecure',
};

/** As much as is of use to an agent; what it is sent is scaled to that. */
const IDEAL_WIDTH_PX = 1024;

/** The camera, shown in a video element while it is on. It goes off by itself when the page is hidden. */
export class Camera {
  readonly #video: HTMLVideoElement;
  readonly #onState: (state: CameraState) => void;
  #state: CameraState = { kind: 'off' };
  /** Ends the camera's being open, from its opening on. */
  #open: AbortController | undefined;

  constructor(video: HTMLVideoElement, onState: (state: CameraState) => void) {
    this.#video = video;
    this.#onState = onState;
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.close();
    });
    window.addEventListener('pagehide', () => this.close());
  }

  get state(): CameraState {
    return this.#state;
  }

  /** Turns it on, asking the visitor if need be. The state tells what came of it; it never rejects. */
  async open(): Promise<void> {
    if (this.#open !== undefined) return;
    const open = new AbortController();
    this.#open = open;
    this.#setState({ kind: 'opening' });
    try {
      if (navigator.mediaDevices === undefined) throw new DOMException('insecure page', 'SecurityError');
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: IDEAL_WIDTH_PX }, facingMode: 'user' },
      });
      const stop = () => {
        for (const track of stream.getTracks()) track.stop();
        if (this.#video.srcObject === stream) this.#video.srcObject = null;
      };
      if (open.signal.aborted) {
        stop();
        return;
      }
      open.signal.addEventListener('abort', stop);
      for (const track of stream.getTracks()) {
        track.addEventListener('ended', () => this.#end(open, { kind: 'failed', code: 'lost' }));
      }
      this.#video.srcObject = stream;
      await this.#video.play();
      if (!open.signal.aborted) this.#setState({ kind: 'on' });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      this.#end(open, { kind: 'failed', code: CODES[name] ?? 'unknown' });
    }
  }

  /** Turns it off, and its light with it. */
  close(): void {
    if (this.#open !== undefined) this.#end(this.#open, { kind: 'off' });
  }

  #end(open: AbortController, state: CameraState): void {
    if (open !== this.#open) return; // it had been closed before
    this.#open = undefined;
    open.abort();
    this.#setState(state);
  }

  #setState(state: CameraState): void {
    this.#state = state;
    this.#onState(state);
  }
}
