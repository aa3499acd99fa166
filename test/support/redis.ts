import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { silentLogger } from '../../src/log.ts';
import { RedisLink, type RedisLinkOptions } from '../../src/redis/redis-link.ts';
import { systemClock } from '../../src/time/clock.ts';
import { freePort } from './free-port.ts';

/** Why tests with a real Redis cannot run here; false where they can. Fits node:test's `skip`. */
export const REDIS_MISSING: string | false =
  spawnSync('redis-server', ['--version']).status === 0
    ? false
    : 'redis-server is not installed (Debian: apt-get install redis-server)';

/** A Redis of the test's own, on a free port of this machine, that keeps nothing on disk. */
export class TestRedis {
  readonly port: number;
  readonly #links: RedisLink[] = [];
  #process: ChildProcess | undefined;

  /** Starts one; it ends with the test it is for, or when the caller says {@link stop}. */
  static async start(test?: Pick<TestContext, 'after'>): Promise<TestRedis> {
    const redis = new TestRedis(await freePort());
    test?.after(() => redis.stop());
    await redis.up();
    return redis;
  }

  private constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it (again), empty, and resolves when it answers. */
  async up(): Promise<void> {
    const options = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--dir', '/tmp'];
    const server = spawn('redis-server', ['--port', String(this.port), ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#process = server;
    for await (const line of server.stdout) if (String(line).includes('Ready to accept')) break;
    server.stdout.resume();
  }

  /** Ends it, and every connection it was asked for. */
  async stop(): Promise<void> {
    for (const link of this.#links) link.close();
    await this.kill();
  }

  /** Kills it as a crash would, and resolves when it is gone. */
  async kill(): Promise<void> {
    const server = this.#process;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  /** It holds its connections and answers nothing, until {@link thaw}. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Sends a command as one would type it, and resolves with the reply as it came. */
  async tell(command: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    socket.write(`${command}\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return String(reply);
  }

  /** A connection to it, patient where a test is not about patience; ends with it. */
  async link({
    log = silentLogger(),
    clock = systemClock(),
    answerWithinMs = 5000,
  }: Partial<RedisLinkOptions> = {}): Promise<RedisLink> {
    const link = await RedisLink.open({ url: this.url, clock, log, answerWithinMs });
    this.#links.push(link);
    assert.ok(link.up);
    return link;
  }
}
