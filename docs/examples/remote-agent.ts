// A remote agent: says back what it is told, one beep a word. Start it with `PORT=9000 node docs/examples/remote-agent.ts`,
// and the server with `AGENT_TYPE=remote AGENT_URL=ws://localhost:9000 npm start`.
import { WebSocketServer } from 'ws';

const SAMPLE_RATE = 24_000;
const server = new WebSocketServer({
  port: Number(process.env['PORT'] ?? 9000),
  maxPayload: 4 * 1024 * 1024,
});
server.on('listening', () => process.stdout.write(`ready ${JSON.stringify(server.address())}\n`));

server.on('connection', (socket) => {
  const send = (message: object) => socket.send(JSON.stringify(message));
  let speaking: NodeJS.Timeout | undefined;

  const stop = () => {
    if (speaking === undefined) return;
    clearInterval(speaking);
    speaking = undefined;
    send({ type: 'response_end' });
  };
  const say = (text: string) => {
    stop();
    const words = text.split(/\s+/);
    send({ type: 'response_start' });
    speaking = setInterval(() => {
      const word = words.shift();
      if (word === undefined) return stop();
      send({ type: 'transcript_delta', delta: `${word} ` });
      send({ type: 'audio_delta', data: beep(60 * word.length) });
    }, 50);
  };

  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'text') say(message.data);
    else if (message.type === 'interrupt') stop();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => clearInterval(speaking));
});

/** A tone as base64 of 16-bit little-endian PCM. */
function beep(ms: number): string {
  const pcm = Int16Array.from({ length: (SAMPLE_RATE * ms) / 1000 }, (_, at) => 9000 * Math.sin(at / 12));
  return Buffer.from(pcm.buffer).toString('base64');
}
