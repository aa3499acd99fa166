import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { AN_ENGINE } from '../../scripts/metrics-table.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { parseExposition } from '../support/exposition.ts';

const deploy = new URL('../../deploy/', import.meta.url);

/** What Prometheus adds to every metric it scrapes, and a metric it makes itself. */
const ADDED_LABELS = ['instance', 'job'];
const OWN_OF_PROMETHEUS = new Map([['up', new Set(ADDED_LABELS)]]);

/** The labels of every series that the server shows. */
const known: ReadonlyMap<string, ReadonlySet<string>> = await (async () => {
  const metrics = createMetrics({
    sessions: () => 0,
    speaking: () => 0,
    face: () => 'loudness',
    engine: () => AN_ENGINE,
  });
  const families = parseExposition(await metrics.text());
  metrics.close();
  const labels = new Map<string, Set<string>>();
  for (const sample of families.flatMap(({ samples }) => samples)) {
    const seen = labels.get(sample.name) ?? new Set(ADDED_LABELS);
    for (const label of Object.keys(sample.labels)) seen.add(label);
    labels.set(sample.name, seen);
  }
  return new Map([...labels, ...OWN_OF_PROMETHEUS]);
})();

/** What a query asks for. */
interface Query {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

/** Takes a PromQL query apart. @throws Error if it is not PromQL */
function read(query: string): Query {
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${query}`);
      if (type.name === 'Identifier' && inside(node, 'VectorSelector')) metrics.push(text);
      if (type.name === 'LabelName') labels.push(text);
    },
  });
  return { metrics, labels };
}

function inside(node: SyntaxNode, name: string): boolean {
  return node.parent !== null && (node.parent.name === name || inside(node.parent, name));
}

/** What is wrong with a query; nothing, if the server can answer it. */
function problems(query: string): string[] {
  const { metrics, labels } = read(query);
  if (metrics.length === 0) return [`asks for no metric: ${query}`];
  const missing = metrics.filter((metric) => !known.has(metric));
  const offered = new Set(metrics.flatMap((metric) => [...(known.get(metric) ?? [])]));
  const wrong = labels.filter((label) => !offered.has(label));
  return [
    ...missing.map((metric) => `no metric ${metric}: ${query}`),
    ...wrong.map((label) => `no label ${label}: ${query}`),
  ];
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly type: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const dashboard = JSON.parse(
  readFileSync(new URL('grafana/dashboards/avatar-chat-server.json', deploy), 'utf8'),
) as Dashboard;

test('every query of the dashboard is PromQL and asks for what the server shows', () => {
  const targets = dashboard.panels.flatMap(({ targets = [] }) => targets);
  assert.ok(targets.length > 40);
  const wrong = targets.flatMap(({ expr }) => problems(expr.replaceAll('$__rate_interval', '1m')));
  assert.deepEqual(wrong, []);
});

test('its legends and variables name labels that are there', () => {
  const variables = dashboard.templating.list.flatMap(({ definition = '' }) => {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition) ?? [];
    return metric === undefined || label === undefined ? [] : [{ metric, label }];
  });
  assert.equal(variables.length, 1);
  for (const { metric, label } of variables) assert.ok(known.get(metric)?.has(label), metric);
  for (const { expr, legendFormat } of dashboard.panels.flatMap(({ targets = [] }) => targets)) {
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const { metrics } = read(expr.replaceAll('$__rate_interval', '1m'));
    for (const label of shown) {
      assert.ok(
        metrics.some((metric) => known.get(metric)?.has(label)),
        `${legendFormat}: ${expr}`,
      );
    }
  }
});

test('every metric of the server’s own is on the dashboard', () => {
  const asked = dashboard.panels
    .flatMap(({ targets = [] }) => targets)
    .flatMap(({ expr }) => read(expr.replaceAll('$__rate_interval', '1m')).metrics)
    .map((metric) => metric.replace(/_(bucket|sum|count)$/, ''));
  const own = [...known.keys()]
    .filter((name) => name.startsWith('avatar_'))
    .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  assert.deepEqual(
    [...new Set(own)].filter((name) => !asked.includes(name)),
    [],
  );
});

test('every alert is PromQL, asks for what the server shows, and says what is wrong', () => {
  const { groups } = parse(readFileSync(new URL('prometheus/alerts.yml', deploy), 'utf8')) as {
    groups: {
      rules: { alert: string; expr: string; labels: object; annotations: { summary: string } }[];
    }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  assert.ok(rules.length >= 8);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, expr, annotations } of rules) {
    assert.deepEqual(problems(expr), [], alert);
    assert.ok(annotations.summary.length > 20, alert);
    assert.match(alert, /^Avatar[A-Za-z]+$/);
  }
});

test('a query for what is not there is found out', () => {
  assert.deepEqual(problems('sum(rate(avatar_nothing_total[1m]))').length, 1);
  assert.deepEqual(problems('sum by (origin) (avatar_sessions)').length, 1);
  assert.deepEqual(problems('avatar_turns_total{ending="failed"}').length, 1);
  assert.throws(() => problems('sum(rate(avatar_sessions[1m])'));
});

test('Prometheus and Grafana are pointed at files and addresses that exist', () => {
  const prometheus = parse(readFileSync(new URL('prometheus/prometheus.yml', deploy), 'utf8')) as {
    rule_files: string[];
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  for (const file of prometheus.rule_files) {
    assert.ok(existsSync(fileURLToPath(new URL(`prometheus/${file}`, deploy))), file);
  }
  const [job] = prometheus.scrape_configs;
  assert.equal(job?.job_name, 'avatar-chat-server'); // the alerts ask for it
  const source = parse(
    readFileSync(new URL('grafana/provisioning/datasources/prometheus.yaml', deploy), 'utf8'),
  ) as { datasources: { type: string; url: string }[] };
  assert.equal(source.datasources[0]?.type, 'prometheus');
});
