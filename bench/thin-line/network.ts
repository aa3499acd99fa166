import { execFileSync } from 'node:child_process';

/** Addresses of the two ends; a private network that only this machine sees. */
export const SERVER_ADDRESS = '10.213.0.1';
const CLIENT_ADDRESS = '10.213.0.2';
const NAMESPACE = 'avatar-bench';
const OUTER = 'avatar-bench0';
const INNER = 'avatar-bench1';

/** A line to a network namespace that carries so little from the server to the client. Whoever opens it disposes of it. */
export interface ThinLine extends Disposable {
  /** A command that runs a program at the client's end: put this before it. */
  readonly prefix: readonly string[];
}

/**
 * Lays the line: a pair of virtual network cards, one of them in a namespace, with a token bucket before it.
 *
 * @throws if this is not root on Linux with `ip` and `tc`.
 */
export function layThinLine(kbit: number): ThinLine {
  remove();
  ip('netns', 'add', NAMESPACE);
  ip('link', 'add', OUTER, 'type', 'veth', 'peer', 'name', INNER, 'netns', NAMESPACE);
  ip('addr', 'add', `${SERVER_ADDRESS}/30`, 'dev', OUTER);
  ip('link', 'set', OUTER, 'up');
  ip('-n', NAMESPACE, 'addr', 'add', `${CLIENT_ADDRESS}/30`, 'dev', INNER);
  ip('-n', NAMESPACE, 'link', 'set', INNER, 'up');
  // A deep queue, as mobile networks have: nothing is lost, everything waits.
  const bucket = ['rate', `${kbit}kbit`, 'burst', '4kb', 'limit', '1mb'];
  execFileSync('tc', ['qdisc', 'add', 'dev', OUTER, 'root', 'tbf', ...bucket]);
  return { prefix: ['ip', 'netns', 'exec', NAMESPACE], [Symbol.dispose]: remove };
}

function remove(): void {
  for (const args of [
    ['link', 'del', OUTER],
    ['netns', 'del', NAMESPACE],
  ]) {
    try {
      execFileSync('ip', args, { stdio: 'ignore' });
    } catch {
      // It was not there.
    }
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}
