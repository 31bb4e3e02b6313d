import { readFileSync } from 'node:fs';
import test from 'ava';
import { METRICS } from '@gunicorn-ts/metrics';
import { busyQuery, queueQuery } from '../../src/index.ts';
import { wantedReplicas } from '../../src/scale/scaling.ts';
import { deploymentOf, filesOf, objectsOf, pythonDeployment } from './workload-of.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`golden/${name}.golden`, import.meta.url), 'utf8');

test('the Deployment of an application for Node.js is the golden one', (t) => {
  t.is(filesOf('kubernetes').get('deployment.yaml'), golden('deployment-node'));
});

test('the Deployment of an application in Python, scaled, with a wait before TERM, is the golden one', (t) => {
  const deployment = pythonDeployment({ workers: 4, workerClass: 'asgi' }, { secrets: ['SECRET_KEY'] });
  const files = filesOf('kubernetes', ['--autoscale=keda', '--pre-stop=10', '--cpu-limit=4000'], deployment);
  t.is(files.get('deployment.yaml'), golden('deployment-python'));
});

test('the template of the chart is the golden one', (t) => {
  t.is(filesOf('helm').get('templates/deployment.yaml'), golden('chart-deployment'));
});

test('no object that a bare cluster does not know is exported unasked', (t) => {
  t.deepEqual(
    [...filesOf('kubernetes').keys()],
    ['deployment.yaml', 'service.yaml', 'poddisruptionbudget.yaml', 'networkpolicy.yaml'],
  );
});

test('a name is one of the DNS', (t) => {
  const nameOf = (name: string): unknown =>
    /name: (\S+)/.exec(filesOf('kubernetes', [], deploymentOf({}, { name })).get('service.yaml')!)?.[1];
  t.deepEqual(['Shop_v2', '2048', `a${'b'.repeat(80)}`, 'x.'].map(nameOf), [
    'shop-v2',
    'gunicorn',
    `a${'b'.repeat(45)}`,
    'x',
  ]);
});

for (const [why, words, code, message] of [
  ['no image', ['--image'], 'ERR_EXPORT_USAGE', /--image is missing/],
  ['an image without a tag', ['--image=shop'], 'ERR_EXPORT_USAGE', /a rollback would not go back/],
  ['an image that moves', ['--image=shop:latest'], 'ERR_EXPORT_USAGE', /latest is another one tomorrow/],
  ['another scaler', ['--autoscale=cron'], 'ERR_EXPORT_USAGE', /hpa or keda/],
  [
    'fewer copies at most than at least',
    ['--replicas=5', '--max-replicas=3'],
    'ERR_EXPORT_USAGE',
    /from 5 to 1000/,
  ],
  [
    'a processor for too few workers',
    ['--cpu-limit=500'],
    'ERR_EXPORT_DISAGREEMENT',
    /3 workers share 0\.5 cores.*--workers=2/,
  ],
  [
    'a namespace that is none',
    ['--monitoring-namespace=A B'],
    'ERR_EXPORT_USAGE',
    /something like monitoring/,
  ],
] as const) {
  test(`${why} is refused in a sentence`, (t) => {
    t.throws(() => filesOf('kubernetes', words), { code, message });
  });
}

test('a delay that was taken away is refused: requests would be lost', (t) => {
  const deployment = deploymentOf({ shutdownDelay: 0 });
  t.throws(() => filesOf('kubernetes', [], deployment), {
    code: 'ERR_EXPORT_DISAGREEMENT',
    message: /neither preStop nor --shutdown-delay/,
  });
  t.notThrows(() => filesOf('kubernetes', ['--pre-stop=5'], deployment));
});

test('scalers ask for numbers that the server shows', (t) => {
  const known = new Set(METRICS.map(({ name }) => name));
  const asked = [busyQuery('', 'pod'), queueQuery('')].flatMap((query) => query.match(/gunicorn_\w+/g) ?? []);
  t.true(asked.length === 3);
  for (const name of asked) t.true(known.has(name.replace(/_bucket$/, '')), name);
});

test('a scaler takes the number of copies for itself', (t) => {
  const [deployment] = objectsOf(['--autoscale=hpa']) as any[];
  t.false('replicas' in deployment.spec);
  t.is((objectsOf() as any[])[0].spec.replicas, 2);
});

for (const [replicas, value, target, wanted] of [
  [4, 0.6, 0.6, 4],
  [4, 0.65, 0.6, 4],
  [4, 0.7, 0.6, 5],
  [4, 1, 0.6, 7],
  [4, 0.2, 0.6, 2],
  [1, 0.01, 0.6, 1],
] as const) {
  test(`of ${replicas} copies at ${value} of ${target} there should be ${wanted}`, (t) => {
    t.is(wantedReplicas(replicas, value, target), wanted);
  });
}

test('an overlay says the image, and which one of a registry with a port', (t) => {
  const files = filesOf('kustomize', ['--image=host:5000/shop:2.0', '--autoscale=hpa']);
  t.regex(
    files.get('overlays/production/kustomization.yaml')!,
    /newName: "host:5000\/shop"\n\s+newTag: "2\.0"/,
  );
  t.true(files.has('overlays/production/hpa.yaml'));
  t.false(files.has('base/hpa.yaml'));
});

test('a digest is kept as one', (t) => {
  const image = `shop@sha256:${'a'.repeat(64)}`;
  t.true(
    filesOf('kustomize', [`--image=${image}`])
      .get('overlays/staging/kustomization.yaml')!
      .includes('digest: "sha256:'),
  );
  t.true(
    filesOf('helm', [`--image=${image}`])
      .get('values.yaml')!
      .includes('tag: "sha256:'),
  );
});
