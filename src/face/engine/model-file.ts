import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceError } from '../../errors.ts';
import { readOnnxOutline } from './onnx-outline.ts';

/** A model that has everything it needs on disk. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  /** The names of the columns as `config.json` beside the model gives them, unjudged; undefined where it does not. */
  readonly columnNames: unknown;
}

const LFS_MARK = 'version https://git-lfs';

/** Where a relative path may start: where the server was started, and the project (of a build: its dist) itself. */
const ROOTS: readonly string[] = ['.', fileURLToPath(new URL('../../..', import.meta.url))];

/**
 * Looks at a model's files before anything is loaded, so that what is wrong can be said in one line.
 *
 * @param path of the `.onnx` file; a relative one is looked for where the server was started, then in the project.
 * @throws InferenceError (`model_unusable`) if the file or its external data is missing, cut short, or a git-LFS
 * pointer.
 */
export function checkModelFile(path: string): ModelFile {
  const found = candidates(path).find((candidate) => existsSync(candidate));
  if (found === undefined) throw unusable(`there is no file ${candidates(path).join(' or ')}`);
  if (!statSync(found).isFile()) throw unusable(`${found} is not a file`);
  refuseLfsPointer(found);
  const outline = readOnnxOutline(found);
  if (!outline.whole) throw unusable(`${found} is not an ONNX model, or is cut short`);
  for (const [location, endByte] of largestEnds(outline.external)) checkExternal(found, location, endByte);
  return { path: found, columnNames: columnNames(join(dirname(found), 'config.json')) };
}

/** An InferenceError that says in one line why the model cannot be used. */
export function unusable(reason: string, cause?: unknown): InferenceError {
  return new InferenceError('model_unusable', `The face model cannot be used: ${oneLine(reason)}`, { cause });
}

/** The text without line breaks, and not endless: what libraries say on failing is often a page long. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 400 ? line : `${line.slice(0, 399)}…`;
}

function candidates(path: string): string[] {
  if (isAbsolute(path)) return [path];
  return [...new Set(ROOTS.map((root) => resolve(root, path)))];
}

function refuseLfsPointer(path: string): void {
  const start = Buffer.alloc(LFS_MARK.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  if (start.toString('latin1') === LFS_MARK)
    throw unusable(`${path} is a git-LFS pointer, not the file itself: run "git lfs pull"`);
}

function largestEnds(ranges: readonly { location: string; endByte: number }[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { location, endByte } of ranges) ends.set(location, Math.max(endByte, ends.get(location) ?? 0));
  return ends;
}

function checkExternal(model: string, location: string, endByte: number): void {
  const path = resolve(dirname(model), location);
  if (!existsSync(path))
    throw unusable(
      `${path} is missing: ${basename(model)} keeps its weights in it, both belong in one folder`,
    );
  refuseLfsPointer(path);
  const { size } = statSync(path);
  if (size < endByte) throw unusable(`${path} is cut short: ${size} of at least ${endByte} bytes`);
}

/** A card that cannot be read is as good as none: the columns are then told from sound alone. */
function columnNames(path: string): unknown {
  try {
    const card: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof card !== 'object' || card === null || !('blendshape_names' in card)) return undefined;
    return card.blendshape_names;
  } catch {
    return undefined;
  }
}
