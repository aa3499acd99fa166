import type { Vec3 } from './space.js';

/** A colour as red, green and blue, 0..1, as it is seen (sRGB). */
export type Rgb = Vec3;

/** A point of a surface and how it looks. */
export interface Vertex {
  readonly position: Vec3;
  readonly colour: Rgb;
  /** Where the paint (paint.ts) for it is, 0..1; without: unpainted. */
  readonly paint?: readonly [u: number, v: number];
  /** How much it shines, 0..1. */
  readonly gloss?: number;
  /** How much of the surroundings' light reaches it, 0..1; without: all. */
  readonly light?: number;
}

/** Vertices that belong together: `count` of them from `first` on. */
export interface Part {
  readonly first: number;
  readonly count: number;
}

/** How many vertices a grid has, and how they are joined. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  readonly closed?: boolean;
  readonly flipped?: boolean;
}

/** Paint coordinates of the corner of the atlas that stays white. */
export const UNPAINTED: readonly [number, number] = [0.996, 0.004];

/** A surface of triangles that is being made, part by part. */
export class Sculpture {
  readonly positions: number[] = [];
  readonly colours: number[] = [];
  readonly paints: number[] = [];
  /** Gloss and light of each vertex. */
  readonly finishes: number[] = [];
  readonly indices: number[] = [];

  get vertexCount(): number {
    return this.positions.length / 3;
  }

  /** Adds one vertex and returns its number. */
  vertex({ position, colour, paint = UNPAINTED, gloss = 0, light = 1 }: Vertex): number {
    this.positions.push(...position);
    this.colours.push(...colour);
    this.paints.push(...paint);
    this.finishes.push(gloss, light);
    return this.vertexCount - 1;
  }

  triangle(a: number, b: number, c: number): void {
    this.indices.push(a, b, c);
  }

  /**
   * Adds a grid of `rows` by `columns` vertices, row after row. Seen from outside, rows go up where columns go right
   * (`flipped`: left). `closed` joins the last column to the first.
   */
  grid(
    { rows, columns, closed = false, flipped = false }: GridSize,
    at: (row: number, column: number) => Vertex,
  ): Part {
    const first = this.vertexCount;
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1) this.vertex(at(row, column));
    for (let row = 0; row + 1 < rows; row += 1) {
      for (let column = 0; column < (closed ? columns : columns - 1); column += 1) {
        const start = first + row * columns;
        const [here, next] = [start + column, start + ((column + 1) % columns)];
        const [right, left] = flipped ? [here, next] : [next, here];
        this.triangle(left, right, right + columns);
        this.triangle(left, right + columns, left + columns);
      }
    }
    return { first, count: rows * columns };
  }
}
