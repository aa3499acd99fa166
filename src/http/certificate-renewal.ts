import { readFileSync } from 'node:fs';
import type { Server as TlsServer } from 'node:tls';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { CancelTimer, Clock } from '../time/clock.ts';
import { type Certificate, type CertificateFiles, readCertificate, secureOptions } from './certificate.ts';

/**
 * The files are read so often. Their content is compared, not watched for events: renewal renames files, and Kubernetes
 * swaps a link to their folder, which a watched file does not notice.
 */
const READ_EVERY_MS = 10_000;

/** A certificate that ends so soon is warned about. */
const SOON_MS = 7 * 86_400_000;

/** What renewing takes. */
export interface RenewalOptions {
  readonly server: Pick<TlsServer, 'setSecureContext'>;
  readonly files: CertificateFiles;
  /** The one the server has now. */
  readonly certificate: Certificate;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Gives the server its certificate anew whenever the files change; connections that are open keep theirs. Files that
 * cannot be used (or only one of which has been replaced yet) change nothing. The caller stops it.
 */
export function renewCertificate({ server, files, certificate, clock, log }: RenewalOptions): CancelTimer {
  let current = certificate;
  /** What the files held when they were last looked into, good or bad: nothing is tried, or said, twice. */
  let seen = current.cert + current.key;
  warnOfEnd(current);

  function look(): void {
    cancel = clock.at(clock.now() + READ_EVERY_MS, look);
    try {
      const text = textOf(files);
      if (text === seen) return;
      seen = text;
      const found = readCertificate(files);
      if (found.cert === current.cert && found.key === current.key) return;
      server.setSecureContext(secureOptions(found));
      current = found;
      log.info({ validTo: new Date(found.validToMs).toISOString() }, 'certificate renewed');
      warnOfEnd(found);
    } catch (error) {
      const problem = error instanceof ConfigError ? error.problems.join('; ') : String(error);
      log.error({ problem }, 'new certificate refused: the old one stays in use');
    }
  }

  function warnOfEnd({ validToMs }: Certificate): void {
    if (validToMs - clock.wallNow() > SOON_MS) return;
    log.warn({ validTo: new Date(validToMs).toISOString() }, 'the certificate ends soon, or has ended');
  }

  let cancel = clock.at(clock.now() + READ_EVERY_MS, look);
  return () => cancel();
}

/** Both files' text; empty where one cannot be read (while it is being replaced). */
function textOf({ certFile, keyFile }: CertificateFiles): string {
  try {
    return readFileSync(certFile, 'utf8') + readFileSync(keyFile, 'utf8');
  } catch {
    return '';
  }
}
