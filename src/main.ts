import { createApp } from './app.ts';
import { checkSettings } from './check.ts';
import { type Command, HELP, parseCommandLine, USAGE } from './command-line.ts';
import { type Config, layered, parseConfig, readEnvFile } from './config/config.ts';
import { Ending } from './ending.ts';
import { ConfigError } from './errors.ts';
import { createLogger } from './log.ts';
import { packageVersion } from './version.ts';

/** Exit codes: EX_USAGE, EX_CONFIG and EX_SOFTWARE of sysexits.h; 1 where the port cannot be had. */
const EXIT_NO_PORT = 1;
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;
const EXIT_SOFTWARE = 70;

/** The server as a process: settings in, signals in, exit code out. */
async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.run !== 'serve') return answer(command);
  const config = readConfig();
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

/** Everything a command line can ask for but the server itself. */
async function answer(command: Exclude<Command, { run: 'serve' }>): Promise<void> {
  switch (command.run) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`${packageVersion()}\n`);
      return;
    case 'check': {
      const lines = await checkSettings(readConfig());
      // A module of the user's, once imported, may hold the process open.
      process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0));
      return;
    }
    case 'usage':
      process.stderr.write(`${command.problem}\n${USAGE}\n`);
      process.exitCode = EXIT_USAGE;
  }
}

function readConfig(): Config {
  return parseConfig(layered(process.env, readEnvFile('.env')));
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(known ? EXIT_CONFIG : EXIT_SOFTWARE);
});
