import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '../../src/errors.ts';
import { type CertificateFiles, readCertificate } from '../../src/http/certificate.ts';
import { renewCertificate } from '../../src/http/certificate-renewal.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { makeCertificate, noOpenssl, temporaryFolder } from '../support/certificates.ts';
import { recordingLog } from '../support/recording-log.ts';

function problems(files: CertificateFiles): readonly string[] {
  try {
    readCertificate(files);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

test('a certificate and its key are read', { skip: noOpenssl }, (context) => {
  const files = makeCertificate(temporaryFolder(context), 'one');
  const { cert, validToMs } = readCertificate(files);
  assert.match(cert, /BEGIN CERTIFICATE/);
  assert.ok(validToMs > 0);
});

test('each file that cannot be used is one line that names its setting', { skip: noOpenssl }, (context) => {
  const folder = temporaryFolder(context);
  const { certFile, keyFile } = makeCertificate(folder, 'one');
  const other = makeCertificate(folder, 'other');
  const at = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const missing = join(folder, 'missing.pem');
  const encrypted = join(folder, 'encrypted.key');
  execFileSync('openssl', ['pkey', '-in', keyFile, '-aes256', '-passout', 'pass:x', '-out', encrypted]);
  const broken = at('broken.crt', readFileSync(certFile, 'utf8').replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAA'));
  const rows: [CertificateFiles, RegExp[]][] = [
    [{ certFile: missing, keyFile }, [/^SSL_CERT_FILE: .*missing\.pem does not exist$/]],
    [{ certFile, keyFile: folder }, [/^SSL_KEY_FILE: .* cannot be read \(EISDIR\)$/]],
    [{ certFile: at('der.crt', 'not pem'), keyFile }, [/^SSL_CERT_FILE: .* is not a PEM file with a CERT/]],
    [{ certFile, keyFile: at('empty.key', '') }, [/^SSL_KEY_FILE: .* is not a PEM file with a PRIVATE KEY/]],
    [
      { certFile: keyFile, keyFile: certFile },
      [/^SSL_CERT_FILE: .*is not a PEM/, /^SSL_KEY_FILE: .*is not a/],
    ],
    [{ certFile, keyFile: encrypted }, [/^SSL_KEY_FILE: .* protected by a passphrase/]],
    [{ certFile: broken, keyFile }, [/^SSL_CERT_FILE: .* cannot be used/]],
    [{ certFile, keyFile: other.keyFile }, [/^SSL_KEY_FILE: .* is not the key of the certificate in /]],
    [{ certFile: missing, keyFile: missing }, [/^SSL_CERT_FILE/, /^SSL_KEY_FILE/]],
  ];
  for (const [files, expected] of rows) {
    const found = problems(files);
    assert.equal(found.length, expected.length, found.join('\n'));
    for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
    for (const line of found) assert.doesNotMatch(line, /\n/);
  }
});

/** A renewal on a fake clock, of files that a test changes. */
function renewing(files: CertificateFiles) {
  const clock = new FakeClock();
  const { log, lines } = recordingLog();
  const given: string[] = [];
  const server = {
    setSecureContext: ({ cert }: { cert?: unknown }) => {
      given.push(String(cert));
    },
  };
  const stop = renewCertificate({ server, files, certificate: readCertificate(files), clock, log });
  return { clock, lines, given, stop };
}

test('a certificate that is replaced, by writing, renaming or another link, is given to the server', {
  skip: noOpenssl,
}, async (context) => {
  const folder = temporaryFolder(context);
  const [one, two, three] = ['one', 'two', 'three'].map((name) => makeCertificate(folder, name));
  assert.ok(one && two && three);
  const files = { certFile: join(folder, 'live.crt'), keyFile: join(folder, 'live.key') };
  const pointTo = (target: CertificateFiles) => {
    for (const name of ['certFile', 'keyFile'] as const) {
      symlinkSync(target[name], `${files[name]}.new`);
      renameSync(`${files[name]}.new`, files[name]); // as certbot and Kubernetes do
    }
  };
  pointTo(one);
  const { clock, given, lines, stop } = renewing(files);
  await clock.advance(60_000);
  assert.deepEqual(given, [], 'nothing has changed');
  pointTo(two);
  await clock.advance(10_000);
  assert.deepEqual(given, [readFileSync(two.certFile, 'utf8')]);
  for (const name of ['certFile', 'keyFile'] as const) writeFileSync(two[name], readFileSync(three[name]));
  await clock.advance(10_000);
  assert.equal(given.length, 2);
  assert.equal(lines.filter(({ msg }) => msg === 'certificate renewed').length, 2);
  stop();
  assert.equal(clock.pendingTimers, 0);
});

test('a bad new file changes nothing, is said once, and is forgotten when a good one comes', {
  skip: noOpenssl,
}, async (context) => {
  const folder = temporaryFolder(context);
  const one = makeCertificate(folder, 'one');
  const two = makeCertificate(folder, 'two');
  const { clock, given, lines, stop } = renewing(one);
  writeFileSync(one.certFile, readFileSync(two.certFile)); // its key is not there yet
  await clock.advance(30_000);
  assert.deepEqual(given, []);
  assert.equal(lines.filter(({ msg }) => /refused/.test(String(msg))).length, 1);
  writeFileSync(one.keyFile, readFileSync(two.keyFile));
  await clock.advance(10_000);
  assert.equal(given.length, 1);
  stop();
});

test('a certificate that ends within a week is warned about', { skip: noOpenssl }, (context) => {
  const files = makeCertificate(temporaryFolder(context), 'short', 1);
  const wall = Date.now();
  const clock = new FakeClock();
  clock.jumpWall(wall - clock.wallNow());
  const { log, lines } = recordingLog();
  const server = { setSecureContext: () => undefined };
  renewCertificate({ server, files, certificate: readCertificate(files), clock, log })();
  assert.ok(lines.some(({ msg }) => /ends soon/.test(String(msg))));
});
