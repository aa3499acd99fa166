import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';
import { SETTINGS_SCHEMA } from '../../src/config/settings.ts';
import { bundlePage } from '../../src/http/page/bundle.ts';

const folder = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));

/** What is no object of the cluster. */
const OTHER_FILES = ['kustomization.yaml', 'prometheus-adapter.values.yaml'];

/** What the embedded avatar gives to the audio thread. */
const MICROPHONE_SCRIPT = 'client/src/microphone/capture-worklet.js';

const KINDS: Readonly<Record<string, new (data: never) => { validate(): void }>> = {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Namespace,
  Secret,
  Service,
};

function documentsOf(file: string): unknown[] {
  return parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
    assert.deepEqual(document.errors, [], file);
    return document.toJS() as unknown;
  });
}

const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const objects = files
  .filter((file) => !OTHER_FILES.includes(file))
  .flatMap((file) => documentsOf(file) as { kind: string; metadata: { name: string } }[]);

function deployment(name: string): Deployment {
  const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  assert.ok(found);
  return found as unknown as Deployment;
}

const pod = deployment('avatar-chat-server').spec?.template.spec;
const [container] = pod?.containers ?? [];

test('every manifest is what the Kubernetes API takes', () => {
  assert.ok(objects.length >= 10);
  for (const object of objects) {
    const Kind = KINDS[object.kind];
    assert.ok(Kind, object.kind);
    assert.doesNotThrow(() => new Kind(object as never).validate(), `${object.kind} ${object.metadata.name}`);
  }
});

test('what the schema forbids is found: the check can fail', () => {
  const wrong = structuredClone(deployment('avatar-chat-server')) as unknown as {
    spec: { replicas: string };
  };
  wrong.spec.replicas = 'two';
  assert.throws(() => new Deployment(wrong as never).validate(), /replicas/);
});

test('the kustomization names every manifest but the secret', () => {
  const [kustomization] = documentsOf('kustomization.yaml') as { resources: string[] }[];
  const expected = files.filter((file) => ![...OTHER_FILES, 'secret.example.yaml'].includes(file));
  assert.deepEqual(kustomization?.resources.toSorted(), expected.toSorted());
});

test('a pod has the time for what happens when it ends: out of the balancer, 10 s of answers, exit within 15 s', () => {
  const sleep = container?.lifecycle?.preStop?.sleep?.seconds ?? 0;
  const outOfBalancer =
    (container?.readinessProbe?.periodSeconds ?? 0) * (container?.readinessProbe?.failureThreshold ?? 0);
  assert.ok(sleep > outOfBalancer, 'newcomers go elsewhere before it drains');
  assert.ok((pod?.terminationGracePeriodSeconds ?? 0) >= sleep + 15);
});

test('it is restarted for what /health says, and left alone by newcomers for what /ready says', () => {
  assert.equal(container?.livenessProbe?.httpGet?.path, '/health');
  assert.equal(container?.startupProbe?.httpGet?.path, '/health');
  assert.equal(container?.readinessProbe?.httpGet?.path, '/ready');
});

test('every container runs as nobody, on a root that it cannot write to, with no privilege', () => {
  for (const name of ['avatar-chat-server', 'avatar-redis']) {
    const spec = deployment(name).spec?.template.spec;
    assert.equal(spec?.securityContext?.runAsNonRoot, true);
    assert.equal(spec.automountServiceAccountToken, false);
    for (const { securityContext } of spec.containers) {
      assert.equal(securityContext?.readOnlyRootFilesystem, true);
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(securityContext.capabilities?.drop, ['ALL']);
    }
  }
  const image = readFileSync(join(folder, '../../Dockerfile'), 'utf8');
  assert.match(
    image,
    new RegExp(`USER ${pod?.securityContext?.runAsUser}:`),
    'the same nobody as in the image',
  );
});

test('every setting it is given is one that the server has', () => {
  const [kustomization] = documentsOf('kustomization.yaml') as {
    configMapGenerator: { literals: string[] }[];
  }[];
  const [secret] = documentsOf('secret.example.yaml') as { stringData: Record<string, string> }[];
  const literals = kustomization?.configMapGenerator.flatMap((map) => map.literals) ?? [];
  const names = [
    ...literals.map((literal) => literal.split('=')[0] ?? ''),
    ...Object.keys(secret?.stringData ?? {}),
  ];
  assert.ok(names.length > 4);
  const known = new Set(Object.keys(SETTINGS_SCHEMA.shape));
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
  );
});

test('the metric that it scales on is the one that the adapter makes', () => {
  const scaler = objects.find(
    ({ kind }) => kind === 'HorizontalPodAutoscaler',
  ) as unknown as HorizontalPodAutoscaler;
  const [adapter] = documentsOf('prometheus-adapter.values.yaml') as {
    rules: { custom: { name: { as: string } }[] };
  }[];
  assert.equal(scaler.spec?.metrics?.[0]?.pods?.metric.name, adapter?.rules.custom[0]?.name.as);
});

test('the ingress passes what a page needs that has embed.js in it, and no metrics', async () => {
  const root = join(folder, '..', '..');
  const ingress = objects.find(({ kind }) => kind === 'Ingress') as unknown as Ingress;
  const paths = ingress.spec?.rules?.[0]?.http?.paths ?? [];
  const isPassed = (asked: string) =>
    paths.some(
      ({ path = '', pathType }) => asked === path || (pathType === 'Prefix' && asked.startsWith(`${path}/`)),
    );
  const bundle = await bundlePage(join(root, 'web'), { sourceMaps: false });
  const asked = new Set(['ws', 'api/auth/token', 'embed.js', 'embed/avatar-chat.js', MICROPHONE_SCRIPT]);
  for (const file of asked) {
    const source = file.replace(/\.js$/, '.ts');
    const script = file.startsWith('client/') ? readFileSync(join(root, source)) : bundle.get(file);
    for (const [, name = ''] of String(script ?? '').matchAll(
      /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g,
    ))
      asked.add(join(dirname(file), name.replace(/\.ts$/, '.js')));
  }
  assert.ok(asked.size > 10, 'the pieces of the face are among them');
  assert.deepEqual(
    [...asked].filter((file) => !isPassed(`/${file}`)),
    [],
  );
  assert.ok(!isPassed('/metrics') && !isPassed('/info'));
});

const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

test('kustomize puts it together', { skip: hasKubectl ? false : 'kubectl is not installed' }, () => {
  const whole = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  assert.match(whole, /image: ghcr\.io\/\S+\/avatar-chat-server:\d/);
  const map = /name: (avatar-chat-server-\w+)\n/.exec(whole)?.[1] ?? '';
  assert.equal(whole.split(map).length, 3, 'the map, and the pod that reads it');
});
