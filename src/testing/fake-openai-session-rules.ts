import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import { type FakeRefusal, invalid } from './fake-openai-conversation.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a GA session consists of, group by group; anything else is refused, the beta's flat fields among it. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  session: [
    'type',
    'model',
    'instructions',
    'output_modalities',
    'audio',
    'tools',
    'tool_choice',
    'max_output_tokens',
    'include',
    'prompt',
    'tracing',
    'truncation',
    'reasoning',
    'parallel_tool_calls',
  ],
  'session.audio': ['input', 'output'],
  'session.audio.input': ['format', 'noise_reduction', 'transcription', 'turn_detection'],
  'session.audio.output': ['format', 'voice', 'speed'],
};

const VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];

/** Why the GA API would refuse this `session.update`, or undefined. */
export function refusalOfSession(session: unknown): FakeRefusal | undefined {
  const fields = asFields(session);
  if (fields === undefined) return missing('session');
  if (fields['type'] === undefined) return missing('session.type');
  if (fields['type'] !== 'realtime') return invalid('session.type', 'Invalid session type.');
  const audio = asFields(fields['audio']);
  const input = asFields(audio?.['input']);
  const output = asFields(audio?.['output']);
  return (
    unknownIn('session', fields) ??
    unknownIn('session.audio', audio) ??
    unknownIn('session.audio.input', input) ??
    unknownIn('session.audio.output', output) ??
    refusalOfFormat('session.audio.input.format', input?.['format']) ??
    refusalOfFormat('session.audio.output.format', output?.['format']) ??
    refusalOfInput(input) ??
    refusalOfOutput(output) ??
    refusalOfTools(fields['tools'])
  );
}

/** The session after an update: groups are laid over groups, other fields replaced. */
export function updatedSession(
  session: RealtimeSessionCreateRequest,
  update: RealtimeSessionCreateRequest,
): RealtimeSessionCreateRequest {
  return {
    ...session,
    ...update,
    audio: {
      input: { ...session.audio?.input, ...update.audio?.input },
      output: { ...session.audio?.output, ...update.audio?.output },
    },
  };
}

function refusalOfInput(input: Fields | undefined): FakeRefusal | undefined {
  const noise = input?.['noise_reduction'];
  if (noise !== undefined && noise !== null) {
    const type = String(asFields(noise)?.['type']);
    if (!['near_field', 'far_field'].includes(type)) {
      return invalid('session.audio.input.noise_reduction.type', `Invalid value: '${type}'.`);
    }
  }
  const transcription = input?.['transcription'];
  if (transcription !== undefined && transcription !== null && !asFields(transcription)?.['model']) {
    return missing('session.audio.input.transcription.model');
  }
  const turns = asFields(input?.['turn_detection']);
  const param = 'session.audio.input.turn_detection';
  if (turns === undefined) return undefined;
  if (!['server_vad', 'semantic_vad'].includes(String(turns['type'])))
    return invalid(`${param}.type`, 'Invalid type.');
  const own =
    turns['type'] === 'server_vad'
      ? ['threshold', 'prefix_padding_ms', 'silence_duration_ms', 'idle_timeout_ms']
      : ['eagerness'];
  const known = ['type', 'create_response', 'interrupt_response', ...own];
  const stranger = Object.keys(turns).find((name) => !known.includes(name));
  if (stranger !== undefined) return unknown(`${param}.${stranger}`);
  return outOf(`${param}.threshold`, turns['threshold'], 0, 1);
}

function refusalOfOutput(output: Fields | undefined): FakeRefusal | undefined {
  const voice = output?.['voice'];
  if (voice !== undefined && !VOICES.includes(String(voice))) {
    return invalid('session.audio.output.voice', `Invalid value: '${String(voice)}'.`);
  }
  return outOf('session.audio.output.speed', output?.['speed'], 0.25, 1.5);
}

function refusalOfFormat(param: string, format: unknown): FakeRefusal | undefined {
  if (format === undefined) return undefined;
  const fields = asFields(format);
  if (fields?.['type'] === 'audio/pcm' && fields['rate'] !== 24_000)
    return invalid(`${param}.rate`, 'Expected 24000.');
  const known = ['audio/pcm', 'audio/pcmu', 'audio/pcma'].includes(String(fields?.['type']));
  return known ? undefined : invalid(`${param}.type`, 'Invalid format.');
}

function refusalOfTools(tools: unknown): FakeRefusal | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return invalid('session.tools', 'Expected an array.');
  for (const [index, tool] of (tools as unknown[]).entries()) {
    const fields = asFields(tool);
    if (fields?.['type'] !== 'function') return invalid(`session.tools[${index}].type`, 'Invalid tool.');
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(String(fields['name'])))
      return invalid(`session.tools[${index}].name`, 'Invalid name.');
  }
  return undefined;
}

function unknownIn(group: string, fields: Fields | undefined): FakeRefusal | undefined {
  const stranger = Object.keys(fields ?? {}).find((name) => !FIELDS[group]?.includes(name));
  return stranger === undefined ? undefined : unknown(`${group}.${stranger}`);
}

function outOf(param: string, value: unknown, min: number, max: number): FakeRefusal | undefined {
  if (value === undefined || (typeof value === 'number' && value >= min && value <= max)) return undefined;
  return { code: 'decimal_out_of_range', message: `Expected ${min} to ${max}.`, param };
}

function unknown(param: string): FakeRefusal {
  return { code: 'unknown_parameter', message: `Unknown parameter: '${param}'.`, param };
}

function missing(param: string): FakeRefusal {
  return { code: 'missing_required_parameter', message: `Missing required parameter: '${param}'.`, param };
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
