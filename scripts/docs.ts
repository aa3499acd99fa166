import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApiYaml } from './asyncapi.ts';
import { metricsTable } from './metrics-table.ts';
import { envExample, errorsTable, settingsTables } from './reference-tables.ts';

/** Writes what the documents show of the code: `npm run docs`. A test checks that it was run. */
const root = new URL('../', import.meta.url);

/** Puts `content` between the markers `<!-- name -->` and `<!-- /name -->` of a document. */
function fill(path: string, name: string, content: string): void {
  const url = new URL(path, root);
  const marked = new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`);
  const before = readFileSync(url, 'utf8');
  if (!marked.test(before)) throw new Error(`${path} has no markers named ${name}`);
  writeFileSync(
    url,
    before.replace(marked, (_all, open, close) => `${open}\n${content}\n${close}`),
  );
}

fill('README.md', 'settings', settingsTables());
fill('docs/errors.md', 'errors', errorsTable());
fill('docs/operations.md', 'metrics', await metricsTable());
writeFileSync(new URL('.env.example', root), envExample());
writeFileSync(new URL('docs/asyncapi.yaml', root), asyncApiYaml());
