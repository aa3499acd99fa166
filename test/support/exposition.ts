/** One metric as Prometheus reads it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

/** One line of it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text of `/metrics`. @throws Error at a line that is not of the format */
export function parseExposition(text: string): Family[] {
  const families: { name: string; help: string; type: string; samples: Sample[] }[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, help] = /^# HELP \S+ (.+)$/.exec(line) ?? [];
    if (help !== undefined) {
      families.push({ name: line.split(' ')[2] ?? '', help, type: '', samples: [] });
      continue;
    }
    const family = families.at(-1);
    if (family === undefined) throw new Error(`no HELP before: ${line}`);
    const [, type] = /^# TYPE \S+ (\w+)$/.exec(line) ?? [];
    if (type !== undefined) {
      family.type = type;
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (!name.startsWith(family.name)) throw new Error(`not a sample of ${family.name}: ${line}`);
    family.samples.push({ name, labels: labelsOf(labels), value: numberOf(value) });
  }
  return families;
}

/** The value of one sample. @throws Error if there is none */
export function metricValue(
  families: readonly Family[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = families.flatMap((family) => family.samples);
  const found = samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  if (found === undefined) throw new Error(`no ${name} ${JSON.stringify(labels)}`);
  return found.value;
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}

function numberOf(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
