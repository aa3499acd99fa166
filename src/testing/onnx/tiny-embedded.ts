import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BLENDSHAPE_COUNT, BLENDSHAPES } from '../../protocol/blendshapes.ts';
import { VISEME_COUNT, VISEMES } from '../../protocol/visemes.ts';
import { type Contract, declareBlendshapes, declareInputs } from './contract.ts';
import { Graph, type Value } from './graph.ts';
import { writeModel } from './model-file.ts';
import { heardIn } from './structured-model.ts';

const EMBEDDED: Contract = { audio: 'audio_waveform', asrLogits: false, opset: 18 };

/** Hidden units of a structured model. */
const HIDDEN = 6;

/** What each feature makes of the hidden units: `closure` of hiss, the others of how loud the sound is. */
const FEATURES = {
  jaw: [1, 0, 0, 0, 0, 0],
  aperture: [0, 0, 1.2, 0, 0, 0],
  closure: [-1, 1, 0, 0, 0, 0],
  labiodental: [-1, 0.5, 0, 0, 0, 0],
} as const;

/** The features of the tiny model, in their order. */
export const TINY_FEATURES = Object.keys(FEATURES);

/** A readout with which the jaw and the lower lip follow the first two features. */
export const TINY_READOUT = {
  name: 'tiny',
  about: 'for tests',
  channels: {
    jawOpen: { bias: 0.01, terms: { jaw: 0.5 } },
    mouthLowerDown: { bias: 0, terms: { aperture: 0.6, closure: -0.6 } },
    mouthPress: { bias: 0, terms: { closure: 0.4 } },
  },
};

/** What the readout of the tiny model gives is far from it in style: which of the two is live shows. */
const ARKIT_READOUT = {
  ...TINY_READOUT,
  name: 'tiny arkit',
  channels: { jawOpen: { bias: 0.9, terms: {} } },
};

/**
 * Writes a stand-in for the embedded model, with its card and readouts, into a folder, as `models/` has them. It hears
 * like a structured model (structured-model.ts) and is no face: for tests of what is around the model.
 *
 * @returns the path of the .onnx file.
 */
export async function writeTinyEmbedded(folder: string): Promise<string> {
  const card = {
    sampleRate: 16_000,
    fps: 30,
    lookaheadMs: 100,
    featureNames: TINY_FEATURES,
    visemeNames: VISEMES,
    blendshapeNames: BLENDSHAPES,
    trained: 'not at all',
  };
  await mkdir(join(folder, 'readouts'), { recursive: true });
  await writeFile(join(folder, 'embedded-face.json'), JSON.stringify(card));
  await writeFile(join(folder, 'readouts', 'lam.json'), JSON.stringify(TINY_READOUT));
  await writeFile(join(folder, 'readouts', 'arkit.json'), JSON.stringify(ARKIT_READOUT));
  return writeModel(folder, tinyEmbedded(), { fileName: 'embedded-face.onnx', data: 'inside' });
}

function tinyEmbedded(): Graph {
  const graph = new Graph(EMBEDDED.opset);
  const inputs = declareInputs(graph, EMBEDDED);
  const rows = graph.node('Transpose', [heardIn(graph, inputs)], { perm: [0, 2, 1] });
  const features = between0And1(graph, product(graph, 'features', rows, Object.values(FEATURES)));
  const jaw = BLENDSHAPES.map((name) => (name === 'jawOpen' ? [0.5, 0, 0, 0] : [0, 0, 0, 0]));
  declareBlendshapes(graph, EMBEDDED, product(graph, 'baked', features, jaw), BLENDSHAPE_COUNT);
  graph.output('features', features, ['batch_size', 'num_frames', TINY_FEATURES.length]);
  const scores = graph.node('Add', [
    product(graph, 'visemes', rows, VISEMES.map(scoresOf)),
    graph.floats(
      VISEMES.map((name) => (name === 'sil' ? 2 : 0)),
      [VISEME_COUNT],
    ),
  ]);
  graph.output('visemes', graph.node('Softmax', [scores], { axis: -1 }), [
    'batch_size',
    'num_frames',
    VISEME_COUNT,
  ]);
  return graph;
}

function scoresOf(name: (typeof VISEMES)[number]): readonly number[] {
  if (name === 'aa') return [8, 0, 0, 0, 0, 0];
  if (name === 'SS') return [-8, 8, 0, 0, 0, 0];
  return new Array<number>(HIDDEN).fill(0);
}

/** Rows times a matrix, given as what makes up each column. */
function product(graph: Graph, name: string, rows: Value, columns: readonly (readonly number[])[]): Value {
  const height = columns[0]?.length ?? 0;
  const matrix = graph.parameter(`${name}.matrix`, [height, columns.length], (values) => {
    for (const [column, gains] of columns.entries()) {
      for (const [row, gain] of gains.entries()) values[row * columns.length + column] = gain;
    }
  });
  return graph.node('MatMul', [rows, matrix]);
}

function between0And1(graph: Graph, values: Value): Value {
  return graph.node('Clip', [values, graph.scalar(0), graph.scalar(1)]);
}
