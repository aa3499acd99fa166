import type { Blendshape } from '../../../src/protocol/blendshapes.ts';
import { addBrow } from './brow.js';
import { Contact } from './contact.js';
import { addEar } from './ear.js';
import { Eye, type EyePose } from './eye.js';
import { addHair } from './hair.js';
import { addTeeth, addTongue, type Placed } from './interior.js';
import { updateNormals } from './normals.js';
import type { Palette } from './palette.js';
import type { Part } from './sculpture.js';
import { Sculpture } from './sculpture.js';
import { SHAPES } from './shapes.js';
import { addSkin, type Skin } from './skin.js';

/** A face to show: the amount of each proportional shape (0..1), and both eyes. */
export interface Pose {
  amount(name: Blendshape): number;
  readonly left: EyePose;
  readonly right: EyePose;
}

/** One shape as what it does: which vertices it moves, and how far. */
interface Morph {
  readonly name: Blendshape;
  readonly vertices: Uint16Array;
  readonly moves: Float32Array;
}

/** Less than this moves nothing anybody sees. */
const NOTHING = 1e-4;

/** The head as vertices that take on any expression. It knows nothing of how it is drawn. */
export class HeadModel {
  readonly sculpture = new Sculpture();
  /** Where the vertices are now, and which way they face: x, y, z each. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint16Array;
  /** So many vertices, from the first on, move with expressions; so many indices belong to them. */
  readonly movingVertices: number;
  readonly movingIndices: number;
  readonly skin: Skin;
  readonly upperTeeth: Placed;
  readonly lowerTeeth: Placed;
  readonly tongue: Placed;
  readonly brows: Readonly<Record<'left' | 'right', Placed>>;
  readonly eyes: Readonly<Record<'left' | 'right', Eye>>;
  readonly hair: readonly Part[];
  readonly #rest: Float32Array;
  readonly #morphs: readonly Morph[];
  readonly #contact: Contact;

  constructor(palette: Palette) {
    const { sculpture } = this;
    this.skin = addSkin(sculpture, palette);
    this.brows = { left: addBrow(sculpture, palette, 'Left'), right: addBrow(sculpture, palette, 'Right') };
    this.tongue = addTongue(sculpture, palette);
    this.upperTeeth = addTeeth(sculpture, palette, 'upper');
    this.lowerTeeth = addTeeth(sculpture, palette, 'lower');
    this.eyes = { left: new Eye(sculpture, 'Left', palette), right: new Eye(sculpture, 'Right', palette) };
    this.movingVertices = sculpture.vertexCount;
    this.movingIndices = sculpture.indices.length;
    addEar(sculpture, palette, 'Left');
    addEar(sculpture, palette, 'Right');
    this.hair = addHair(sculpture, palette);
    this.#rest = Float32Array.from(sculpture.positions);
    this.positions = this.#rest.slice();
    this.normals = new Float32Array(this.positions.length);
    this.indices = Uint16Array.from(sculpture.indices);
    this.#morphs = morphsOf([
      this.skin,
      this.brows.left,
      this.brows.right,
      this.tongue,
      this.upperTeeth,
      this.lowerTeeth,
    ]);
    this.#contact = new Contact(this.skin);
    updateNormals(this.positions, this.indices, this.normals, sculpture.vertexCount, this.indices.length);
  }

  /** Takes on an expression: moves the vertices and turns their normals. */
  pose(pose: Pose): void {
    const { positions } = this;
    positions.set(this.#rest.subarray(0, 3 * this.movingVertices));
    for (const { name, vertices, moves } of this.#morphs) {
      const amount = pose.amount(name);
      if (amount > NOTHING) move(positions, vertices, moves, amount);
    }
    this.#contact.settle(positions, pose);
    this.eyes.left.pose(positions, pose.left);
    this.eyes.right.pose(positions, pose.right);
    updateNormals(positions, this.indices, this.normals, this.movingVertices, this.movingIndices);
    this.eyes.left.blendNormals(this.normals);
    this.eyes.right.blendNormals(this.normals);
  }
}

function move(positions: Float32Array, vertices: Uint16Array, moves: Float32Array, amount: number): void {
  let from = 0;
  for (const vertex of vertices) {
    const to = 3 * vertex;
    positions[to] = (positions[to] ?? 0) + amount * (moves[from] ?? 0);
    positions[to + 1] = (positions[to + 1] ?? 0) + amount * (moves[from + 1] ?? 0);
    positions[to + 2] = (positions[to + 2] ?? 0) + amount * (moves[from + 2] ?? 0);
    from += 3;
  }
}

/** Asks every shape what it does to every vertex, once. */
function morphsOf(parts: readonly Placed[]): readonly Morph[] {
  return Object.entries(SHAPES).map(([name, shape]) => {
    const vertices: number[] = [];
    const moves: number[] = [];
    for (const { part, sites } of parts) {
      sites.forEach((site, index) => {
        const [x, y, z] = shape(site);
        if (Math.abs(x) + Math.abs(y) + Math.abs(z) < NOTHING) return;
        vertices.push(part.first + index);
        moves.push(x, y, z);
      });
    }
    return {
      name: name as Blendshape,
      vertices: Uint16Array.from(vertices),
      moves: Float32Array.from(moves),
    };
  });
}
