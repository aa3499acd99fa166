import type { App } from './app.ts';
import type { Logger } from './log.ts';

/** Exit codes of a process that was running: EX_SOFTWARE is of sysexits.h. */
const EXIT_STOPPED = 0;
const EXIT_FORCED = 1;
const EXIT_SOFTWARE = 70;

/** What running answers get after an unexpected fault: whatever is broken should not go on for long. */
const FAULT_GRACE_MS = 2000;

/** After the answers, agents and sockets have this long to close; then the process ends without them. */
const CLOSE_WITHIN_MS = 4500;

/** What an {@link Ending} ends. */
export interface EndingOptions {
  readonly app: Pick<App, 'drain' | 'close'>;
  readonly log: Logger;
  /** How long running answers may go on after a signal. */
  readonly graceMs: number;
  /** Ends the process at once; inference processes end by themselves when it is gone. */
  readonly exit: (code: number) => void;
}

/** How the process comes to its end: once, and in bounded time. Made by main.ts. */
export class Ending {
  readonly #options: EndingOptions;
  #state: 'running' | 'ending' = 'running';

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  /** SIGTERM or SIGINT: running answers may finish; asked twice, it is at once. */
  signalled(signal: NodeJS.Signals): void {
    const { log, exit, graceMs } = this.#options;
    if (this.#state === 'ending') {
      log.warn({ signal }, 'asked twice: stopping at once');
      exit(EXIT_FORCED);
      return;
    }
    log.info({ signal }, 'stopping: running answers may finish');
    this.#end(graceMs, EXIT_STOPPED);
  }

  /** Nobody caught an error: nothing can be relied on any more, but the sound that is on its way. */
  failed(err: unknown): void {
    const { log, exit } = this.#options;
    log.fatal({ err }, 'unexpected fault: the process ends');
    if (this.#state === 'ending') exit(EXIT_SOFTWARE);
    else this.#end(FAULT_GRACE_MS, EXIT_SOFTWARE);
  }

  #end(graceMs: number, code: number): void {
    const { app, log, exit } = this.#options;
    this.#state = 'ending';
    const giveUp = setTimeout(() => {
      log.warn('something did not close in time');
      exit(code);
    }, graceMs + CLOSE_WITHIN_MS);
    giveUp.unref();
    app
      .drain(graceMs)
      .then(() => app.close())
      .then(
        () => exit(code),
        (err: unknown) => {
          log.fatal({ err }, 'did not stop cleanly');
          exit(EXIT_SOFTWARE);
        },
      );
  }
}
