import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Downloads the full-size face model, without any other tool:
 * `node scripts/download-model.ts [address] [folder]`. A file is there whole or not at all.
 */
const [address = 'https://huggingface.co/myned-ai/wav2arkit_cpu/resolve/main', folder = 'pretrained_models'] =
  process.argv.slice(2);

/** The graph and its weights; they belong in one folder. The card names the columns, and is not always there. */
const FILES = ['wav2arkit_cpu.onnx', 'wav2arkit_cpu.onnx.data'] as const;
const CARD = 'config.json';

await mkdir(folder, { recursive: true });
for (const name of FILES) await download(name);
await download(CARD).catch((error: unknown) => console.warn(`without ${CARD}: ${String(error)}`));

async function download(name: string): Promise<void> {
  const response = await fetch(`${address.replace(/\/$/, '')}/${name}`);
  if (!response.ok || response.body === null) throw new Error(`${name}: HTTP status ${response.status}`);
  const path = join(folder, name);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(`${path}.part`));
  await rename(`${path}.part`, path);
  console.log(path);
}
