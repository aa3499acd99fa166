import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../support/eventually.ts';

/** A message of the server's, as the agent sees it. */
export type FromServer = { readonly type: string; readonly [field: string]: unknown };

/** The other end of a remote agent, in this process: a test says what it does with each connection. */
export class FakeRemoteAgent {
  readonly connections: FakeConnection[] = [];
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, onConnection: (connection: FakeConnection) => void) {
    this.#server = server;
    server.on('connection', (socket) => {
      const connection = new FakeConnection(socket);
      this.connections.push(connection);
      onConnection(connection);
    });
  }

  /** Listens on a port of this machine; 0 picks a free one. */
  static async start(
    onConnection: (connection: FakeConnection) => void = () => undefined,
    port = 0,
  ): Promise<FakeRemoteAgent> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, autoPong: true });
    const agent = new FakeRemoteAgent(server, onConnection);
    await once(server, 'listening');
    return agent;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The newest connection; waits for the first. */
  async connection(): Promise<FakeConnection> {
    await eventually('a connection', () => this.connections.length > 0);
    return this.connections.at(-1) as FakeConnection; // there is one
  }

  /** Drops every connection without a goodbye. */
  drop(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One conversation, seen from the agent. */
export class FakeConnection {
  readonly socket: WebSocket;
  readonly received: FromServer[] = [];
  /** Binary frames. */
  readonly frames: Buffer[] = [];
  onMessage: (message: FromServer) => void = () => undefined;
  closedWith: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        this.frames.push(data as Buffer);
        return;
      }
      const message = JSON.parse(String(data)) as FromServer;
      this.received.push(message);
      this.onMessage(message);
    });
    socket.on('close', (code) => {
      this.closedWith = code;
    });
    socket.on('error', () => undefined); // the close that follows is what tests look at
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** A piece of an answer's sound: `ms` of a constant. */
  speak(ms: number, value = 5000, rate = 24_000): void {
    this.send({ type: 'audio_delta', data: sound(ms, value, rate).toString('base64') });
  }

  of(type: string): FromServer[] {
    return this.received.filter((message) => message.type === type);
  }
}

/** `ms` of a constant as bytes. */
export function sound(ms: number, value = 5000, rate = 24_000): Buffer {
  return Buffer.from(new Int16Array((rate * ms) / 1000).fill(value).buffer);
}

/** Answers as agents do: sound, words, and an end; `long` goes on until it is interrupted. */
export function talkative(connection: FakeConnection): void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearInterval(timer);
  connection.socket.on('close', stop);
  connection.onMessage = ({ type, data }) => {
    if (type === 'interrupt') {
      stop();
      connection.send({ type: 'response_end' });
    }
    if (type !== 'text') return;
    connection.send({ type: 'response_start' });
    connection.send({ type: 'transcript_delta', delta: 'Yes, ' });
    connection.speak(100);
    if (data === 'long') timer = setInterval(() => connection.speak(100), 20);
    else connection.send({ type: 'response_end', transcript: 'Yes, indeed.' });
  };
}
