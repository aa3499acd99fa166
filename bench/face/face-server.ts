import { Child } from '../child.ts';
import { type FaceMetrics, parseFaceMetrics } from './face-metrics.ts';
import { childrenOf } from './processes.ts';

/** A large model is loaded twice and measured before the server listens. */
const START_WITHIN_MS = 60_000;

/** How a server with the face engine is started. */
export interface FaceServerOptions {
  /** Which face; the full-size model's where left out. */
  readonly engine?: 'wav2arkit' | 'embedded' | 'loudness';
  /** Path of the full-size model's .onnx file. */
  readonly model?: string;
  /** Whether an answer beyond the measured capacity gets the plainer face from its start. */
  readonly admission: boolean;
}

/** The whole server with a face live, in a process of its own. Whoever starts it disposes of it. */
export class FaceServer implements AsyncDisposable {
  readonly child: Child;

  /**
   * Starts one, and resolves when it listens.
   *
   * @throws Error if the face engine did not come up: every figure would be that of another face.
   */
  static async start({ engine = 'wav2arkit', model, admission }: FaceServerOptions): Promise<FaceServer> {
    const child = await Child.start('face-server', {
      startWithinMs: START_WITHIN_MS,
      env: {
        FACE_ENGINE: engine,
        FACE_ADMISSION: String(admission),
        ...(model !== undefined && { ONNX_MODEL_PATH: model }),
      },
    });
    const server = new FaceServer(child);
    if (engine !== 'loudness' && server.inferencePids().length === 0) {
      await child[Symbol.asyncDispose]();
      throw new Error('the face engine did not start');
    }
    return server;
  }

  private constructor(child: Child) {
    this.child = child;
  }

  /** Ids of the inference processes that are alive. */
  inferencePids(): number[] {
    return childrenOf(this.child.pid);
  }

  /** What the face engine says of itself now. */
  async metrics(): Promise<FaceMetrics> {
    const response = await fetch(`http://127.0.0.1:${this.child.port}/metrics`);
    return parseFaceMetrics(await response.text());
  }

  /** Ends the process and its children, and resolves when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}
