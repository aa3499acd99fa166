import type { ColumnOrder } from './column-order.ts';
import type { ModelShape } from './inference.ts';

/** What a child process is to load, and how. */
export interface LoadOrder {
  /** Absolute path of a file that {@link ./model-file.ts} has looked at. */
  readonly path: string;
  /** As `config.json` beside the model gives them, unjudged. */
  readonly columnNames: unknown;
  /** Threads the model computes with. */
  readonly threads: number;
  /** Hz the model listens at. */
  readonly sampleRate: number;
  /** Outputs whose columns make up a row, one after another, in place of the weights; none: the weights. */
  readonly outputs: readonly string[];
  /** Which of the speaking styles, for a model that takes one. */
  readonly identity: number;
  /** The order another child has found for the same model; leaves out the listening test. */
  readonly knownOrder: ColumnOrder | undefined;
}

/** What a child says of itself once it can work. */
export interface ReadyReport {
  readonly shape: ModelShape;
  readonly order: ColumnOrder;
  /** Milliseconds of each measured run, nothing else going on in this child. */
  readonly runMs: readonly number[];
  /** Bytes of memory the child holds, and bytes the machine (or its container) has left. */
  readonly memory: { readonly held: number; readonly left: number };
  /** For the operator, each one line. */
  readonly warnings: readonly string[];
}

/** From the server to a child. */
export type ToChild =
  | { readonly type: 'load'; readonly order: LoadOrder }
  | { readonly type: 'run'; readonly id: number; readonly samples: Float32Array };

/** From a child to the server. */
export type FromChild =
  | { readonly type: 'ready'; readonly report: ReadyReport }
  /** The model cannot be used; another try would end the same. The child ends. */
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'done'; readonly id: number; readonly rows: Float32Array }
  /** The run gave nothing usable: the child is not to be trusted with another. */
  | { readonly type: 'sick'; readonly id: number; readonly reason: string };

const FROM_CHILD: readonly string[] = ['ready', 'failed', 'done', 'sick'] satisfies FromChild['type'][];

/** Whether a child of ours said this, and not the runtime inside it (`node --watch` reports over the same channel). */
export function isFromChild(message: unknown): message is FromChild {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    typeof message.type === 'string' &&
    FROM_CHILD.includes(message.type)
  );
}
