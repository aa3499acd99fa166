import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeCertificate, noOpenssl, temporaryFolder } from './certificates.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const EXAMPLE = fileURLToPath(new URL('../../deploy/haproxy/haproxy.cfg', import.meta.url));

/** It asks each second, and twice before it believes that a node is back. */
const NOTICES_WITHIN_MS = 15_000;

/** Why tests behind HAProxy cannot run here; false where they can. */
export const noHaproxy: string | false =
  spawnSync('haproxy', ['-v']).error === undefined
    ? noOpenssl
    : 'haproxy is not installed (Debian: apt-get install haproxy)';

/** HAProxy with the project's own example; only addresses and the certificate are this machine's. */
export interface Haproxy {
  /** Where it takes TLS, as localhost. */
  readonly port: number;
  /** The certificate that clients must trust. */
  readonly ca: Buffer;
  /** Resolves when it has noticed, since it was last asked this, that the node takes newcomers or takes none. */
  noticed(node: 1 | 2, state: 'UP' | 'DOWN'): Promise<void>;
}

/** Starts it in front of two nodes; it ends with the test. */
export async function startHaproxy(
  context: Pick<TestContext, 'after'>,
  nodePorts: readonly [number, number],
): Promise<Haproxy> {
  const folder = temporaryFolder(context);
  const { certFile, keyFile } = makeCertificate(folder, 'proxy');
  const ca = readFileSync(certFile);
  const both = join(folder, 'both.pem');
  writeFileSync(both, Buffer.concat([ca, readFileSync(keyFile)]));
  const [plainPort, port] = [await freePort(), await freePort()];
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    readFileSync(EXAMPLE, 'utf8')
      .replace('/etc/haproxy/avatar.example.com.pem', both)
      .replace('bind :80\n', `bind 127.0.0.1:${plainPort}\n`)
      .replace('bind :443 ', `bind 127.0.0.1:${port} `)
      .replaceAll('10.0.0.11:8080', `127.0.0.1:${nodePorts[0]}`)
      .replaceAll('10.0.0.12:8080', `127.0.0.1:${nodePorts[1]}`),
  );
  // What it notices stands in its log; in the foreground it says it a second time on standard error.
  const haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  context.after(() => end(haproxy));
  let said = '';
  haproxy.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await listens(port);
  return {
    port,
    ca,
    noticed: async (node, state) => {
      const words = `Server nodes/node${node} is ${state}`;
      const has = () => said.includes(words);
      await eventually(`HAProxy notices that node ${node} is ${state}`, has, NOTICES_WITHIN_MS);
      said = said.slice(said.indexOf(words) + words.length);
    },
  };
}

/** Resolves when somebody takes connections at a port; rejects after some seconds without. */
async function listens(port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (refused) {
      if (attempt === 100) throw refused;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
}

async function end(haproxy: ChildProcess): Promise<void> {
  if (haproxy.exitCode !== null || haproxy.signalCode !== null) return;
  haproxy.kill('SIGKILL');
  await once(haproxy, 'exit');
}
