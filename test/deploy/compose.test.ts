import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { stagesOf } from '../../scripts/dockerfile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const path = join(root, 'compose.yaml');

interface Service {
  readonly build?: string | { readonly target?: string };
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const { services } = parse(readFileSync(path, 'utf8')) as { services: Readonly<Record<string, Service>> };

test('the file is what the compose specification says, and the linter finds nothing', () => {
  // Off is what is a matter of taste, and: a built image that has a name; a public server that listens on all addresses.
  const off = [
    'no-build-and-image',
    'no-unbound-port-interfaces',
    'service-image-require-explicit-tag',
    'service-keys-order',
    'services-alphabetical-order',
    'require-quotes-in-ports',
  ];
  const rules = Object.fromEntries(off.map((rule) => [rule, 0 as const]));
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
  const found: readonly { readonly messages: readonly { line: number; message: string }[] }[] =
    linter.lintFiles([path], false);
  assert.deepEqual(
    found.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`)),
    [],
  );
});

test('without a profile it is the server alone; the rest comes when asked for', () => {
  const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
  assert.deepEqual(
    always.map(([name]) => name),
    ['server'],
  );
  const profiles = new Set(Object.values(services).flatMap((service) => service.profiles ?? []));
  assert.deepEqual([...profiles].toSorted(), ['dev', 'grafana', 'prometheus', 'redis']);
});

test('the server cannot write to its image, and has the time to finish answers', () => {
  assert.equal(services['server']?.read_only, true);
  assert.equal(services['server'].stop_grace_period, '20s');
});

test('what is developed in is a stage of the Dockerfile', () => {
  const { build } = services['server-dev'] ?? {};
  assert.ok(typeof build === 'object');
  const stages = stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  assert.ok(stages.some(({ name }) => name === build.target));
});

test('Prometheus asks the server by the name and at the port that it has here', () => {
  const config = parse(readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap(({ targets: of }) => of));
  assert.deepEqual(targets, [`server:${services['server']?.environment?.['SERVER_PORT']}`]);
  const { environment, ports } = services['server'] ?? {};
  assert.match(ports?.[0] ?? '', new RegExp(`:${environment?.['SERVER_PORT']}$`));
});
