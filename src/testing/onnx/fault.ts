import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import type { Graph, Value } from './graph.ts';

/**
 * What can be wrong with a model's output: `nan` gives NaN always, `nan-when-loud` only where a sample of the window
 * is above .95 (so that a check at load passes and a turn meets it), `columns` gives 51 of them, `frames` one too few.
 */
export type Fault = 'nan' | 'nan-when-loud' | 'columns' | 'frames';

const LOUD = 0.95;

/** A model's input and output where a fault can be put between. */
export interface Faultable {
  /** [batch, samples] */
  readonly audio: Value;
  /** [batch, frames, 52] */
  readonly weights: Value;
}

/** Spoils the weights; none, and they stay as they are. */
export function addFault(
  graph: Graph,
  { audio, weights }: Faultable,
  fault: Fault | undefined,
): { readonly weights: Value; readonly columns: number } {
  const columns = fault === 'columns' ? BLENDSHAPE_COUNT - 1 : BLENDSHAPE_COUNT;
  const slice = (end: number, axis: number) =>
    graph.node('Slice', [weights, graph.integers(0), graph.integers(end), graph.integers(axis)]);
  switch (fault) {
    case undefined:
      return { weights, columns };
    case 'nan':
      return { weights: graph.node('Mul', [weights, graph.scalar(Number.NaN)]), columns };
    case 'nan-when-loud': {
      const peak = graph.node('ReduceMax', [audio], { keepdims: 0 });
      const isLoud = graph.node('Greater', [peak, graph.scalar(LOUD)]);
      return { weights: graph.node('Where', [isLoud, graph.scalar(Number.NaN), weights]), columns };
    }
    case 'columns':
      return { weights: slice(columns, 2), columns };
    case 'frames':
      return { weights: slice(-1, 1), columns };
  }
}
