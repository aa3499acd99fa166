import { InferenceSession, Tensor } from 'onnxruntime-node';
import { voice } from '../voice.ts';
import type { RawOrder, RawReply, RawSeen } from './raw-messages.ts';

const SAMPLE_RATE = 16_000;

/** Runs of a new shape that do not count: memory is laid out in them. */
const WARM_UP_RUNS = 2;

// One session, one thread, nothing between two runs: what is the most that a server could get out of a core.
const session = await InferenceSession.create(process.argv[2] ?? '', {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
const input = session.inputNames[0] ?? '';

process.on('message', (order: RawOrder) => {
  infer(order).then(
    (seen) => tell({ kind: 'seen', seen }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });

async function infer({ windowSamples, forMs }: RawOrder): Promise<RawSeen> {
  const pcm = voice(SAMPLE_RATE)(0, (windowSamples / SAMPLE_RATE) * 1000);
  const samples = Float32Array.from({ length: windowSamples }, (_, index) => (pcm[index] ?? 0) / 0x8000);
  const feeds = { [input]: new Tensor('float32', samples, [1, windowSamples]) };
  for (let run = 0; run < WARM_UP_RUNS; run += 1) await session.run(feeds);
  const runMs: number[] = [];
  const startedAt = performance.now();
  let now = startedAt;
  while (now - startedAt < forMs) {
    await session.run(feeds);
    runMs.push(performance.now() - now);
    now = performance.now();
  }
  return { runMs, tookMs: now - startedAt };
}

function tell(reply: RawReply): void {
  process.send?.(reply);
}
