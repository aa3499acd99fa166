import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../errors.ts';

/**
 * Imports the module that AGENT_TYPE names: a path (from the working directory), or a package.
 *
 * @param builtIn the agents there are without one, for the message about a misspelt name
 * @throws ConfigError that says whether it was not found or what in it is wrong.
 */
export async function loadModule(type: string, builtIn: readonly string[]): Promise<object> {
  const address = isPath(type) ? addressOfFile(type) : addressOfPackage(type, builtIn);
  try {
    return (await import(address)) as object;
  } catch (error) {
    throw new ConfigError([`AGENT_TYPE: ${type} cannot be loaded: ${describe(error)}`]);
  }
}

function isPath(type: string): boolean {
  return /^\.{1,2}[\\/]/.test(type) || isAbsolute(type) || /\.[cm]?[jt]s$/.test(type);
}

function addressOfFile(path: string): string {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigError([`AGENT_TYPE: ${path}: there is no such file`]);
  return pathToFileURL(file).href;
}

/** Looks where the user is first, then where the server is: either may have it installed. */
function addressOfPackage(name: string, builtIn: readonly string[]): string {
  try {
    return pathToFileURL(createRequire(resolve('here.js')).resolve(name)).href;
  } catch {
    // Not there, or only for `import`, which the next way understands.
  }
  try {
    return import.meta.resolve(name);
  } catch {
    throw new ConfigError([
      `AGENT_TYPE: ${name} is neither an agent of this server (${builtIn.join(', ')}) nor an installed package; ` +
        'a file of yours is written ./my-agent.ts',
    ]);
  }
}

/** The error's text. Where in the file a syntax error is, the engine tells the terminal only. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error instanceof SyntaxError ? ' (`node --check` with the file shows where)' : '';
  return `${error.name}: ${error.message}${place}`;
}
