import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config/config.ts';
import { loudnessAnimator } from '../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../src/log.ts';
import { answerQuestions } from './answering.ts';
import { createTalker } from './talker.ts';

// The whole server as it is, but for the agent; all clients come from one address, so nobody counts connections, and a
// machine that is busy with its clients is not taken for overloaded.
const { agent, takeMarks } = createTalker();
const config = parseConfig({
  SERVER_HOST: process.env['BENCH_HOST'] ?? '127.0.0.1',
  SERVER_PORT: '0',
  MAX_SESSIONS: '5000',
  MAX_LOOP_DELAY_MS: '0',
  IDLE_TIMEOUT_SECONDS: '0',
  AUTH_ENABLED: 'false',
  AUTH_ENABLE_RATE_LIMITING: 'false',
});
const app = await createApp(config, silentLogger(), { agent, animator: loudnessAnimator() });
const { port } = await app.listen();
answerQuestions(port, takeMarks);
