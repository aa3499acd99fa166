import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A WebSocket frame as an attacker may want it; what is left out is as it should be. */
export interface RawFrame {
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly opcode?: number;
  readonly masked?: boolean;
  readonly payload?: string | Buffer;
  /** Bytes the header promises, where that is not the truth. */
  readonly claims?: number;
}

/** A frame's bytes. */
export function frame({ fin = true, reserved = 0, opcode = 1, masked = true, ...rest }: RawFrame): Buffer {
  const payload = Buffer.from(rest.payload ?? '');
  const length = rest.claims ?? payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** The frames of a server in what it has sent. */
interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A TCP socket that sends what it is told, and keeps what comes. Whoever opens it destroys it. */
export class RawSocket {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  /** Where the WebSocket's bytes begin, after the handshake. */
  #framesFrom = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    socket.on('error', () => undefined); // a reset is an answer, too
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true;
      });
    }
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const raw = new RawSocket(socket);
    await once(socket, 'connect');
    return raw;
  }

  /** Connects and becomes a WebSocket. */
  static async upgraded(port: number, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
    const raw = await RawSocket.open(port);
    raw.write(handshake(headers));
    await raw.until(() => raw.text.includes('\r\n\r\n'));
    raw.#framesFrom = raw.#received.indexOf('\r\n\r\n') + 4;
    await raw.until(() => raw.messages.length > 0); // its config, or why it is refused
    return raw;
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** What has come, as text. */
  get text(): string {
    return this.#received.toString('latin1');
  }

  /** The status of the HTTP answer; undefined while there is none. */
  get status(): number | undefined {
    const found = /^HTTP\/1\.1 (\d{3}) /.exec(this.text)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  /** Whether the other side has ended the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The code of the close frame that came; undefined while none has. */
  get closeCode(): number | undefined {
    return this.#frames()
      .find(({ opcode }) => opcode === 8)
      ?.payload.readUInt16BE(0);
  }

  /** The text messages that came. */
  get messages(): { readonly type: string; readonly code?: string }[] {
    return this.#frames()
      .filter(({ opcode }) => opcode === 1)
      .map(({ payload }) => JSON.parse(payload.toString()));
  }

  /** The pongs that came. */
  get pongs(): number {
    return this.#frames().filter(({ opcode }) => opcode === 10).length;
  }

  /** Resolves with whether it came to hold in time. */
  async until(holds: () => boolean, withinMs = 3000): Promise<boolean> {
    const giveUpAt = performance.now() + withinMs;
    while (!holds() && performance.now() < giveUpAt) await delay(2);
    return holds();
  }

  /** What the server's pings carry; a pong repeats it. */
  get pings(): string[] {
    return this.#frames()
      .filter(({ opcode }) => opcode === 9)
      .map(({ payload }) => payload.toString());
  }

  destroy(): void {
    this.socket.destroy();
  }

  #frames(): ServerFrame[] {
    const frames: ServerFrame[] = [];
    const bytes = this.#received.subarray(this.#framesFrom);
    for (let at = 0; at + 2 <= bytes.length; ) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > bytes.length) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      if (at + head + length > bytes.length) break;
      const payload = bytes.subarray(at + head, at + head + length);
      frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload });
      at += head + length;
    }
    return frames;
  }
}

/** A handshake; each header can be another one, or none (undefined). */
export function handshake(
  headers: Readonly<Record<string, string | undefined>> = {},
  requestLine = 'GET /ws HTTP/1.1',
): string {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  return `${requestLine}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
