import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from '../errors.ts';

/** Where the certificate and its key are. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The files that the settings name; undefined where TLS is off. */
export function certificateFiles(settings: {
  readonly USE_SSL: boolean;
  readonly SSL_CERT_FILE?: string | undefined;
  readonly SSL_KEY_FILE?: string | undefined;
}): CertificateFiles | undefined {
  const { USE_SSL, SSL_CERT_FILE: certFile, SSL_KEY_FILE: keyFile } = settings;
  if (!USE_SSL || certFile === undefined || keyFile === undefined) return undefined;
  return { certFile, keyFile };
}

/** A certificate with its chain and its private key, both PEM, which belong together. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Unix milliseconds. */
  readonly validToMs: number;
}

/**
 * Reads a certificate and its key, and tries them out.
 *
 * @throws ConfigError with one line for each file that cannot be used.
 */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const problems: string[] = [];
  const attempt = <Value>(setting: string, look: () => Value): Value | undefined => {
    try {
      return look();
    } catch (error) {
      problems.push(`${setting}: ${error instanceof ConfigError ? error.problems.join() : reasonOf(error)}`);
      return undefined;
    }
  };
  const cert = attempt('SSL_CERT_FILE', () => readPem(certFile, 'CERTIFICATE'));
  const key = attempt('SSL_KEY_FILE', () => readPem(keyFile, 'PRIVATE KEY'));
  const x509 = cert && attempt('SSL_CERT_FILE', () => parsed(certFile, () => new X509Certificate(cert)));
  const secret = key && attempt('SSL_KEY_FILE', () => parsed(keyFile, () => createPrivateKey(key)));
  if (x509 && secret && !x509.checkPrivateKey(secret)) {
    problems.push(`SSL_KEY_FILE: ${keyFile} is not the key of the certificate in ${certFile}`);
  }
  if (problems.length > 0 || !cert || !key || !x509) throw new ConfigError(problems);
  const certificate = { cert, key, validToMs: Date.parse(x509.validTo) };
  attempt('SSL_CERT_FILE', () => parsed(certFile, () => createSecureContext(secureOptions(certificate))));
  if (problems.length > 0) throw new ConfigError(problems);
  return certificate;
}

/** What a TLS server is told. */
export function secureOptions({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

function readPem(path: string, label: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read (${code})`,
    ]);
  }
  if (/-----BEGIN ENCRYPTED |^Proc-Type: .*ENCRYPTED/m.test(text)) {
    throw new ConfigError([`${path} is protected by a passphrase; expected a key without`]);
  }
  if (!new RegExp(`-----BEGIN (\\w+ )?${label}-----`).test(text)) {
    throw new ConfigError([`${path} is not a PEM file with a ${label}`]);
  }
  return text;
}

function parsed<Value>(path: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new ConfigError([`${path} cannot be used (${reasonOf(error)})`]);
  }
}

/** OpenSSL's reason; it never quotes what is in the file. */
function reasonOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
