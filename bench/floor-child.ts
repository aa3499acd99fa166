import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { syncFrameEncoder } from '../src/protocol/sync-frame.ts';
import { answerQuestions } from './answering.ts';
import { monotonicMs } from './monotonic.ts';
import { type Mark, type Order, parseOrder } from './order.ts';
import { voice } from './voice.ts';

/**
 * The floor: a bare loop that sends ready-made texts of the same size at the same times. It does nothing else: no
 * session, no sound, no face. What ours takes longer is ours; what this takes is Node's, the kernel's and the machine's.
 */
const FRAME_MS = 1000 / 30;
const LEAD_MS = 400;

const textMessage = z.object({ data: z.string() });
const [head, tail] = readyMadeFrame();
let marks: Mark[] = [];

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const order = parseOrder(textMessage.parse(JSON.parse(String(data))).data);
    speak(order, socket).then(
      (mark) => marks.push(mark),
      () => socket.terminate(),
    );
  });
});
server.on('listening', () => {
  answerQuestions((server.address() as AddressInfo).port, () => {
    const taken = marks;
    marks = [];
    return taken;
  });
});

async function speak(order: Order, socket: WebSocket): Promise<Mark> {
  const frames = Math.ceil(order.durationMs / FRAME_MS);
  await delay(order.pauseMs);
  const startedAtMs = monotonicMs();
  for (let index = 0; index < frames && socket.readyState === socket.OPEN; index += 1) {
    const waitMs = startedAtMs + index * FRAME_MS - LEAD_MS - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    socket.send(`${head}${index}${tail}`);
  }
  const endedAtMs = monotonicMs();
  socket.send('{"type":"audio_end"}');
  return { orderId: order.id, firstSoundAtMs: startedAtMs, endedAtMs };
}

function readyMadeFrame(): readonly [string, string] {
  const frame = syncFrameEncoder(
    crypto.randomUUID(),
    'turn_1795440000000_12345678',
  )({
    frameIndex: 0,
    weights: Float32Array.from({ length: 52 }, (_, index) => (index % 3) * 0.1234),
    pcm: voice(24_000)(100, FRAME_MS),
    filler: false,
    timestamp: Date.now(),
  });
  const cut = frame.indexOf('"frameIndex":') + '"frameIndex":'.length;
  return [frame.slice(0, cut), frame.slice(cut + 1)];
}
