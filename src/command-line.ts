import { parseArgs } from 'node:util';

/** What the process was asked to do. */
export type Command =
  | { readonly run: 'serve' }
  | { readonly run: 'check' }
  | { readonly run: 'help' }
  | { readonly run: 'version' }
  /** The arguments make no sense; `problem` says why, in one line. */
  | { readonly run: 'usage'; readonly problem: string };

/** How it is called, for people; {@link HELP} has the rest. */
export const USAGE = 'Usage: avatar-chat-server [--check | --help | --version]';

/** What `--help` prints. Everything else is a setting: there are no other flags on purpose. */
export const HELP = `${USAGE}

Gives a voice AI a face: sound and 52 ARKit blendshape weights, streamed together over a WebSocket.
Without arguments it starts, and says at which address.

  --check      say what the settings would make live, start nothing; exit with 78 if they are wrong
               or a file that they name is not there
  -h, --help   this text
  -v, --version

Settings are environment variables, or lines of a file .env where it is started. The first ones to know:

  SERVER_PORT             port to listen on (8080)
  OPENAI_API_KEY          OpenAI Realtime answers; GEMINI_API_KEY: Gemini Live; neither: an offline voice
  AGENT_TYPE              who answers, where the keys do not say it: remote, ./my-agent.js, ...
  ASSISTANT_INSTRUCTIONS  system prompt of the assistant
  KNOWLEDGE_BASE_SOURCE   address or file of text it answers from
  ONNX_MODEL_PATH         the full-size face model (./pretrained_models/wav2arkit_cpu.onnx)
  MAX_SESSIONS            conversations at a time (1000)
  AUTH_ENABLED            ask for a token; with AUTH_SECRET_KEY and AUTH_ALLOWED_ORIGINS
  USE_SSL                 serve https:// and wss:// itself, without a proxy
  DEBUG                   log more

All of them: README.md and .env.example in the package. On the internet: docs/deployment.md.

Exit codes: 0 stopped as asked, 1 the port is taken, 64 wrong arguments, 70 a fault, 78 wrong settings.
`;

/** Reads the arguments (without the program's own two). Never throws. */
export function parseCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
    if (values.help) return { run: 'help' };
    if (values.version) return { run: 'version' };
    return { run: values.check ? 'check' : 'serve' };
  } catch (error) {
    const [problem = ''] = (error as Error).message.split(/\. |\n/);
    return { run: 'usage', problem };
  }
}
