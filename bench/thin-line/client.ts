import WebSocket from 'ws';
import { encodeOrder, FAST_DELIVERY } from '../order.ts';

/** The client at the end of a thin line: hears an answer, interrupts another, and prints what it saw as JSON. */
export interface SeenThroughLine {
  readonly frames: number;
  readonly misplaced: number;
  readonly fillers: number;
  /** From the first frame to `audio_end`. */
  readonly tookMs: number;
  /** From our `interrupt` to the server's, for each try. */
  readonly interruptMs: readonly number[];
  readonly closed: boolean;
}

const [url = '', answerMs = '', tries = ''] = process.argv.slice(2);
const socket = new WebSocket(url, { perMessageDeflate: false });
let frames = 0;
let misplaced = 0;
let fillers = 0;
let firstAtMs = 0;
let closed = false;
let onMessage: (type: string) => void = () => undefined;

socket.on('close', () => {
  closed = true;
});
socket.on('message', (data: Buffer) => {
  const message = JSON.parse(String(data)) as { type: string; frameIndex?: number; filler?: true };
  if (message.type === 'sync_frame') {
    if (frames === 0) firstAtMs = performance.now();
    if (message.frameIndex !== frames) misplaced += 1;
    if (message.filler) fillers += 1;
    frames += 1;
  }
  onMessage(message.type);
});

function until(type: string): Promise<void> {
  return new Promise((resolve) => {
    onMessage = (received) => received === type && resolve();
  });
}

function ask(id: number, durationMs: number): void {
  frames = 0;
  misplaced = 0;
  fillers = 0;
  socket.send(encodeOrder({ id, pauseMs: 0, durationMs, ...FAST_DELIVERY }));
}

await until('config');
ask(0, Number(answerMs));
await until('audio_end');
const answer = { frames, misplaced, fillers, tookMs: performance.now() - firstAtMs };
const interruptMs: number[] = [];
for (let id = 1; id <= Number(tries); id += 1) {
  ask(id, 60_000);
  await until('audio_start');
  await new Promise((resolve) => setTimeout(resolve, 4000 + id * 170));
  const askedAtMs = performance.now();
  socket.send('{"type":"interrupt"}');
  await until('interrupt');
  interruptMs.push(performance.now() - askedAtMs);
}
const seen: SeenThroughLine = { ...answer, interruptMs, closed };
process.stdout.write(JSON.stringify(seen));
socket.terminate();
