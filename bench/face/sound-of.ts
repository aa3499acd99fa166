import { z } from 'zod';
import type { SeenAnswer } from '../client.ts';

const frameSchema = z.object({ audio: z.string(), filler: z.literal(true).optional() });

/** The sound of an answer whose messages were kept, without the silence the server put in. */
export function soundOf({ messages }: SeenAnswer): Int16Array {
  const bytes = messages
    .map((message) => frameSchema.parse(JSON.parse(message.toString('latin1'))))
    .filter(({ filler }) => filler === undefined)
    .map(({ audio }) => Buffer.from(audio, 'base64'));
  const all = Uint8Array.from(Buffer.concat(bytes)); // in memory of its own, so that samples are aligned
  return new Int16Array(all.buffer);
}

/** Samples that differ, and those one has and the other has not; silence that fills up a last frame is not counted. */
export function samplesThatDiffer(heard: Int16Array, said: Int16Array): number {
  let different = 0;
  for (let index = 0; index < Math.max(heard.length, said.length); index += 1) {
    if ((heard[index] ?? 0) !== (said[index] ?? 0)) different += 1;
  }
  return different;
}
