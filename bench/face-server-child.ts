import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config/config.ts';
import { silentLogger } from '../src/log.ts';
import { answerQuestions } from './answering.ts';
import { countWindows } from './face/window-count.ts';
import { createTalker } from './talker.ts';

// The whole server with the face its environment asks for (FACE_ENGINE, ONNX_MODEL_PATH, FACE_ADMISSION …), but for
// the agent; all clients come from one address, so nobody counts connections.
const windows = countWindows();
const { agent, takeMarks } = createTalker();
const config = parseConfig({
  ...process.env,
  SERVER_HOST: '127.0.0.1',
  SERVER_PORT: '0',
  AUTH_ENABLED: 'false',
  AUTH_ENABLE_RATE_LIMITING: 'false',
});
const app = await createApp(config, silentLogger(), { agent });
const { port } = await app.listen();
answerQuestions(port, takeMarks, windows);
