import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));

/** A certificate and a place for logs. */
const folder = mkdtempSync(join(tmpdir(), 'proxies-'));
after(() => rmSync(folder, { recursive: true }));

before(() => {
  const out = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'chain.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...out, ...subject], {
    stdio: 'ignore',
  });
  const both = ['key.pem', 'chain.pem'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  writeFileSync(join(folder, 'both.pem'), both);
});

/** An example with the paths of this machine, written to a file. */
function example(path: string, paths: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(deploy, path), 'utf8');
  for (const [from, to] of Object.entries(paths)) {
    assert.ok(text.includes(from), from);
    text = text.replaceAll(from, join(folder, to));
  }
  const copy = join(folder, 'example');
  writeFileSync(copy, text);
  return copy;
}

/** Its complaint; nothing if it is content. */
function complaint(command: string, ...args: readonly string[]): string {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

function skipWithout(command: string, ...args: readonly string[]): string | false {
  return spawnSync(command, args).error === undefined ? false : `${command} is not installed`;
}

test('nginx takes its example', { skip: skipWithout('nginx', '-v') }, () => {
  const included = example('nginx/avatar-chat-server.conf', {
    '/etc/letsencrypt/live/avatar.example.com/fullchain.pem': 'chain.pem',
    '/etc/letsencrypt/live/avatar.example.com/privkey.pem': 'key.pem',
    '/var/log/nginx/': '',
  });
  const whole = join(folder, 'nginx.conf');
  writeFileSync(whole, `pid ${folder}/pid; error_log stderr; events {} http { include ${included}; }`);
  assert.equal(complaint('nginx', '-t', '-q', '-e', 'stderr', '-c', whole), '');
});

test('Caddy takes its example', { skip: skipWithout('caddy', 'version') }, () => {
  // Validating begins to ask the nodes for their health: only this machine, where nobody answers.
  const text = readFileSync(join(deploy, 'caddy/Caddyfile'), 'utf8').replace(
    /10\.0\.0\.1(\d):8080/g,
    '127.0.0.1:$1',
  );
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, text);
  assert.equal(complaint('caddy', 'validate', '--adapter', 'caddyfile', '--config', file), '');
});

test('HAProxy takes its example', { skip: skipWithout('haproxy', '-v') }, () => {
  const file = example('haproxy/haproxy.cfg', { '/etc/haproxy/avatar.example.com.pem': 'both.pem' });
  assert.equal(complaint('haproxy', '-c', '-q', '-f', file), '');
});

test('none of them shows /metrics, and none believes what a client says of its address', () => {
  const nginx = readFileSync(join(deploy, 'nginx/avatar-chat-server.conf'), 'utf8');
  assert.match(nginx, /location = \/metrics \{\s*return 404;/);
  assert.match(nginx, /X-Forwarded-For \$remote_addr;/);
  const caddy = readFileSync(join(deploy, 'caddy/Caddyfile'), 'utf8');
  assert.match(caddy, /respond \/metrics 404/);
  assert.doesNotMatch(caddy, /trusted_proxies/);
  const haproxy = readFileSync(join(deploy, 'haproxy/haproxy.cfg'), 'utf8');
  assert.match(haproxy, /return status 404 if \{ path \/metrics \}/);
  assert.match(haproxy, /del-header X-Forwarded-For.*\n\s*option forwardfor/);
});
