import { createLogger, type Logger } from '../../src/log.ts';

/** One line of a log, as JSON. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A logger as the server's own, at its lowest level, that keeps what it writes. */
export interface RecordedLog {
  readonly log: Logger;
  /** The lines as they were written. */
  readonly raw: readonly string[];
  /** The same, read. */
  lines(): readonly LogLine[];
}

/** Makes one. */
export function recordedLog(): RecordedLog {
  const raw: string[] = [];
  const log = createLogger({ debug: true, pretty: false, to: { write: (line) => raw.push(line) } });
  log.level = 'trace';
  return {
    log,
    raw,
    lines: () => raw.map((line) => JSON.parse(line) as LogLine),
  };
}
