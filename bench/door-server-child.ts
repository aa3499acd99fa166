import { ScriptedAgent } from '../src/agents/scripted/scripted-agent.ts';
import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config/config.ts';
import { loudnessAnimator } from '../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../src/log.ts';
import { answerQuestions } from './answering.ts';

// The whole server with the limits and the authentication its environment asks for; nobody says anything to it.
const config = parseConfig({ ...process.env, SERVER_HOST: '127.0.0.1', SERVER_PORT: '0' });
const overrides = { agent: new ScriptedAgent(), animator: loudnessAnimator() };
const app = await createApp(config, silentLogger(), overrides);
const { port } = await app.listen();
answerQuestions(port, () => []);
