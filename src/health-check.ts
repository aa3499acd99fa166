import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { layered, parseConfig, readEnvFile } from './config/config.ts';

/**
 * Asks the server with the same settings, on this machine, whether it is well; exits with 0 if so, 1 if not. What the
 * image's HEALTHCHECK runs, so that it needs no curl and follows the port and USE_SSL.
 */
const ANSWER_WITHIN_MS = 4000;

const { SERVER_HOST, SERVER_PORT, USE_SSL } = parseConfig(layered(process.env, readEnvFile('.env')));
const address = {
  host: ['0.0.0.0', '::'].includes(SERVER_HOST) ? 'localhost' : SERVER_HOST,
  port: SERVER_PORT,
  path: '/health',
  signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
};
// Its certificate names the public host, and the connection does not leave this machine.
const asked = USE_SSL ? tlsRequest({ ...address, rejectUnauthorized: false }) : plainRequest(address);
asked.once('response', (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
asked.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
asked.end();
