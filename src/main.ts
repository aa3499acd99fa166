import { createApp } from './app.ts';
import { layered, parseConfig, readEnvFile } from './config/config.ts';
import { Ending } from './ending.ts';
import { ConfigError } from './errors.ts';
import { createLogger } from './log.ts';

/** Exit codes: EX_CONFIG and EX_SOFTWARE of sysexits.h; 1 where the port cannot be had. */
const EXIT_NO_PORT = 1;
const EXIT_CONFIG = 78;
const EXIT_SOFTWARE = 70;

/** The server as a process: settings in, signals in, exit code out. */
async function main(): Promise<void> {
  const config = parseConfig(layered(process.env, readEnvFile('.env')));
  const log = createLogger({ debug: config.DEBUG, pretty: process.stdout.isTTY });
  const app = await createApp(config, log);

  const graceMs = config.DRAIN_SECONDS * 1000;
  const ending = new Ending({ app, log, graceMs, exit: (code) => process.exit(code) });
  process.on('SIGTERM', (signal) => ending.signalled(signal));
  process.on('SIGINT', (signal) => ending.signalled(signal));
  process.on('uncaughtException', (err) => ending.failed(err)); // a rejection that nobody handles is one, too

  try {
    const { address, port } = await app.listen();
    const host = ['0.0.0.0', '::'].includes(address) ? 'localhost' : address;
    log.info(`ready: open ${config.USE_SSL ? 'https' : 'http'}://${host}:${port} and say hello`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    log.fatal(`cannot listen on ${config.SERVER_HOST}:${config.SERVER_PORT}: ${code ?? message}`);
    await app.close();
    process.exit(EXIT_NO_PORT);
  }
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(known ? EXIT_CONFIG : EXIT_SOFTWARE);
});
