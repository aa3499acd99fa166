import { createHash } from 'node:crypto';

/** A Lua script that Redis runs in one piece, with the name under which Redis remembers it. */
export interface RedisScript {
  readonly text: string;
  readonly sha1: string;
}

/** Gives a script its name. */
export function redisScript(text: string): RedisScript {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}
