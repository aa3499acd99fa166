import { z } from 'zod';
import { AGENT_SETTINGS } from './agent-settings.ts';
import { FACE_SETTINGS } from './face-settings.ts';
import { SERVER_SETTINGS } from './server-settings.ts';

/**
 * Every setting, by group, with its kind, default and description. The README's tables and `.env.example` are checked
 * against it.
 */
export const SETTING_GROUPS = { ...AGENT_SETTINGS, ...FACE_SETTINGS, ...SERVER_SETTINGS } as const;

/** The schema of the whole environment, flat. */
export const SETTINGS_SCHEMA = z.object({
  ...SETTING_GROUPS.Agent,
  ...SETTING_GROUPS['Offline agent'],
  ...SETTING_GROUPS.OpenAI,
  ...SETTING_GROUPS.Gemini,
  ...SETTING_GROUPS.Face,
  ...SETTING_GROUPS.Sound,
  ...SETTING_GROUPS.Server,
  ...SETTING_GROUPS.Observability,
  ...SETTING_GROUPS.Authentication,
  ...SETTING_GROUPS['Rate limits'],
});

/** Every setting by its documented name, checked. */
export type Settings = z.output<typeof SETTINGS_SCHEMA>;

/** The name of a setting. */
export type SettingName = keyof Settings;

/** Settings whose text may hold a '#': no inline comment is cut off them, and nothing of them is ever printed. */
export const FREE_TEXT_SETTINGS: ReadonlySet<string> = new Set<SettingName>([
  'ASSISTANT_INSTRUCTIONS',
  'KNOWLEDGE_BASE_SOURCE',
  'AGENT_URL',
  'TOOLS_FILE',
  'OPENAI_BASE_URL',
  'GOOGLE_GEMINI_BASE_URL',
  'OPENAI_API_KEY',
  'GEMINI_API_KEY',
  'AUTH_SECRET_KEY',
  'REDIS_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
]);
