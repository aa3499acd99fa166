import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Why tests that need a certificate are left out here; false where they run. */
export const noOpenssl: string | false = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'the program openssl is not installed: no certificate can be made';
  }
})();

/** A folder of its own for a test; gone after it. */
export function temporaryFolder(context: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a self-signed certificate for localhost in a folder; `name` tells it from others. */
export function makeCertificate(folder: string, name: string, days = 30) {
  const certFile = join(folder, `${name}.crt`);
  const keyFile = join(folder, `${name}.key`);
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', ['req', ...kind, ...subject, '-days', String(days), ...files], { stdio: 'ignore' });
  return { certFile, keyFile };
}
