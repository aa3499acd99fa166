import type { TestContext } from 'node:test';
import { type Haproxy, noHaproxy, startHaproxy } from './haproxy.ts';
import { REDIS_MISSING, TestRedis } from './redis.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Why tests with two nodes cannot run here; false where they can. */
export const noCluster: string | false = noHaproxy || REDIS_MISSING;

/** The pages that may come in. */
export const PAGES = ['https://one.example.com', 'https://two.example.com'] as const;

/** Two servers, each a process, behind HAProxy with TLS, with a Redis that they share; all end with the test. */
export class Cluster {
  readonly haproxy: Haproxy;
  readonly #context: Pick<TestContext, 'after'>;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #nodes: [ServerProcess, ServerProcess];

  /** Starts it as docs/deployment.md does; `environment` is what both nodes get besides. */
  static async start(
    context: Pick<TestContext, 'after'>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Cluster> {
    const redis = await TestRedis.start(context);
    const shared = {
      REDIS_URL: redis.url,
      TRUST_PROXY: '1',
      AUTH_ENABLED: 'true',
      AUTH_SECRET_KEY: 'the same thirty-two bytes for both',
      AUTH_ALLOWED_ORIGINS: PAGES.join(','),
      ...environment,
    };
    const nodes = await Promise.all([startServer(context, shared), startServer(context, shared)]);
    const haproxy = await startHaproxy(context, [portOf(nodes[0]), portOf(nodes[1])]);
    return new Cluster(context, { haproxy, nodes, environment: shared });
  }

  private constructor(
    context: Pick<TestContext, 'after'>,
    parts: {
      readonly haproxy: Haproxy;
      readonly nodes: [ServerProcess, ServerProcess];
      readonly environment: Readonly<Record<string, string>>;
    },
  ) {
    this.#context = context;
    this.haproxy = parts.haproxy;
    this.#nodes = parts.nodes;
    this.#environment = parts.environment;
  }

  /** Where clients of all nodes go. */
  get url(): string {
    return `wss://localhost:${this.haproxy.port}/ws`;
  }

  node(which: 1 | 2): ServerProcess {
    return this.#nodes[which - 1] as ServerProcess;
  }

  /** Starts a node that has ended again, at its port; resolves when it gets newcomers. */
  async startAgain(which: 1 | 2): Promise<void> {
    const environment = { ...this.#environment, SERVER_PORT: String(portOf(this.node(which))) };
    this.#nodes[which - 1] = await startServer(this.#context, environment);
    await this.haproxy.noticed(which, 'UP');
  }

  /** A token for a page, from one node. */
  async token(origin: string, which: 1 | 2 = 1): Promise<string> {
    const answer = await fetch(`${this.node(which).http}/api/auth/token`, {
      method: 'POST',
      headers: { origin },
    });
    const { token } = (await answer.json()) as { token: string };
    return token;
  }

  /** Whether a node has had this session. */
  had(which: 1 | 2, sessionId: string): boolean {
    return this.node(which).output().includes(sessionId);
  }
}

function portOf({ http }: ServerProcess): number {
  return Number(new URL(http).port);
}
