import { SETTING_GROUPS } from '../src/config/settings.ts';
import { ERROR_CODES } from '../src/errors.ts';

/** Defaults that are described rather than printed. */
const DESCRIBED_DEFAULTS: Readonly<Record<string, string>> = {
  FACE_GAINS: '(none)',
  OTEL_EXPORTER_OTLP_HEADERS: '(none)',
  AGENT_TYPE: '(by the keys that are set)',
  AUTH_SECRET_KEY: '(made at each start)',
};

/** A setting as the documents show it. */
interface Documented {
  readonly name: string;
  readonly fallback: string;
  readonly description: string;
}

function documented(): { readonly group: string; readonly settings: readonly Documented[] }[] {
  return Object.entries(SETTING_GROUPS).map(([group, settings]) => ({
    group,
    settings: Object.entries(settings).map(([name, schema]) => ({
      name,
      fallback: printed(schema.parse(undefined)),
      description: schema.description ?? '',
    })),
  }));
}

/** The settings as Markdown tables, one a group: what stands in the README. */
export function settingsTables(): string {
  return documented()
    .map(({ group, settings }) => {
      const rows = settings.map(({ name, fallback, description }) => {
        const shown = DESCRIBED_DEFAULTS[name] ?? (fallback === '' ? '(none)' : `\`${fallback}\``);
        return `| \`${name}\` | ${shown} | ${description} |`;
      });
      return [`**${group}**`, '', '| Variable | Default | What it does |', '|---|---|---|', ...rows].join(
        '\n',
      );
    })
    .join('\n\n');
}

/** The settings as a file to copy: what stands in `.env.example`. Every line is commented out, so copying changes nothing. */
export function envExample(): string {
  const groups = documented().map(({ group, settings }) => {
    const lines = settings.map(
      ({ name, fallback, description }) => `# ${description}\n#${name}=${quoted(fallback)}`,
    );
    return [`### ${group}`, ...lines].join('\n');
  });
  return `${[
    '# Copy to .env and take the # off what you change. Each value shown is the default.',
    ...groups,
  ].join('\n\n')}\n`;
}

/** The error codes as a Markdown table: what stands in docs/errors.md. */
export function errorsTable(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| Code | Meaning |', '|---|---|', ...rows].join('\n');
}

/** A default as it would be set; nothing where the default is nothing. */
function printed(fallback: unknown): string {
  return typeof fallback === 'object' && !Array.isArray(fallback) ? '' : String(fallback ?? '');
}

function quoted(value: string): string {
  return /[\s#]/.test(value) ? JSON.stringify(value) : value;
}
