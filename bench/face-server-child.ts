import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
// Figures of the full-size model are of it alone: the embedded one would be a process more.
const modelsFolder = config.FACE_ENGINE === 'wav2arkit' ? join(tmpdir(), 'no-embedded-model') : undefined;
const app = await createApp(config, silentLogger(), {
  agent,
  ...(modelsFolder !== undefined && { modelsFolder }),
});
const { port } = await app.listen();
answerQuestions(port, takeMarks, windows);
