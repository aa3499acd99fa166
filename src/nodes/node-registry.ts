import { randomUUID } from 'node:crypto';
import type { ScriptRunner } from '../redis/redis-link.ts';
import { redisScript } from '../redis/redis-script.ts';
import type { CancelTimer, Clock } from '../time/clock.ts';
import { encodeFacts, type NodeFacts, parseFacts, roomOf } from './node-facts.ts';

/** A node speaks up this often, and is forgotten when it has been silent for so long. */
const HEARTBEAT_MS = 2000;
const FORGET_AFTER_MS = 10_000;

/** The facts by node, and when each was heard of; braces keep both in one slot of a Redis cluster. */
const KEYS = ['{avatar-chat:nodes}:facts', '{avatar-chat:nodes}:heard'] as const;

/** Writes a node's facts, forgets those who are silent, and answers everybody's: by Redis' own clock, in one piece. */
const PUBLISH = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local forget_after = tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', now - forget_after))) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
redis.call('PEXPIRE', KEYS[1], forget_after)
redis.call('PEXPIRE', KEYS[2], forget_after)
return redis.call('HVALS', KEYS[1])
`);

const LEAVE = redisScript(`
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
`);

/** What a {@link NodeRegistry} needs. */
export interface NodeRegistryOptions {
  readonly redis: ScriptRunner;
  readonly clock: Clock;
  /** What this node has to say of itself now. */
  readonly facts: () => Omit<NodeFacts, 'id'>;
}

/** What is known of the other nodes, and when it was. */
interface Known {
  readonly atMs: number;
  readonly others: readonly NodeFacts[];
}

/**
 * Tells the other nodes of this one, and knows how much room they have. While Redis is away, this node is alone as far as
 * it knows. {@link leave} ends it.
 */
export class NodeRegistry {
  readonly id = randomUUID();
  readonly #options: NodeRegistryOptions;
  #known: Known = { atMs: Number.NEGATIVE_INFINITY, others: [] };
  #cancelHeartbeat: CancelTimer = () => undefined;
  #left = false;

  constructor(options: NodeRegistryOptions) {
    this.#options = options;
  }

  /** Joins the others; resolves when they know. */
  async join(): Promise<void> {
    await this.publish();
    this.#plan();
  }

  /** Tells how this node is now, without waiting for the next heartbeat. Never rejects. */
  async publish(): Promise<void> {
    if (this.#left) return;
    const { redis, clock, facts } = this.#options;
    const own = encodeFacts({ id: this.id, ...facts() });
    const reply = await redis.run(PUBLISH, KEYS, [this.id, own, String(FORGET_AFTER_MS)]);
    if (!Array.isArray(reply)) return; // away: what is known grows old
    const nodes = reply.map(parseFacts).filter((node) => node !== undefined);
    this.#known = { atMs: clock.now(), others: nodes.filter(({ id }) => id !== this.id) };
  }

  /** The other nodes, as they were a few seconds ago. */
  get others(): readonly NodeFacts[] {
    const fresh = this.#options.clock.now() - this.#known.atMs < FORGET_AFTER_MS;
    return fresh ? this.#known.others : [];
  }

  /** All nodes, this one first. */
  get all(): readonly NodeFacts[] {
    return [{ id: this.id, ...this.#options.facts() }, ...this.others];
  }

  /** Sessions the other nodes could take. */
  get roomElsewhere(): number {
    return this.others.reduce((room, node) => room + roomOf(node), 0);
  }

  /** Takes this node off the list. Resolves when that is done; never rejects. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#cancelHeartbeat();
    await this.#options.redis.run(LEAVE, KEYS, [this.id]);
  }

  #plan(): void {
    if (this.#left) return;
    const { clock } = this.#options;
    this.#cancelHeartbeat = clock.at(clock.now() + HEARTBEAT_MS, () => {
      void this.publish().then(() => this.#plan());
    });
  }
}
