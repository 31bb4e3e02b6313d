import test from 'ava';
import { lintManifests } from '../../src/index.ts';
import type { ClusterObject } from '../../src/lint/finding.ts';
import { quantity } from '../../src/lint/quantity.ts';
import { objectsOf } from './workload-of.ts';

const ALL = ['--pod-monitor', '--autoscale=hpa'];

test('what is exported fits together, with every option', (t) => {
  for (const words of [
    [],
    ['--pod-monitor'],
    ALL,
    ['--autoscale=keda'],
    ['--pre-stop=10'],
    ['--cpu-limit=2000'],
  ]) {
    t.deepEqual(lintManifests(objectsOf(words)), [], words.join(' '));
  }
});

type Change = (objects: readonly any[]) => void;
const pod = (objects: readonly any[]): any => objects[0].spec.template.spec;
const server = (objects: readonly any[]): any => pod(objects).containers[0];
const of = (objects: readonly any[], kind: string): any => objects.find((one) => one.kind === kind);

/** Each change is one that the schemas of Kubernetes let through. */
const WRONG: readonly (readonly [why: string, change: Change, what: RegExp])[] = [
  [
    'a probe of a port that is not there',
    (o) => (server(o).readinessProbe.httpGet.port = 'health'),
    /readinessProbe asks port health, which no port/,
  ],
  [
    'a probe of the application',
    (o) => (server(o).livenessProbe.httpGet.port = 'http'),
    /livenessProbe asks port http, where a worker that is busy cannot answer/,
  ],
  [
    'a probe that only connects',
    (o) => (server(o).livenessProbe = { tcpSocket: { port: 'http' } }),
    /livenessProbe asks by no httpGet/,
  ],
  [
    'a server that gives connections up before the ingress does',
    (o) => server(o).args.push('--keep-alive=5'),
    /--keep-alive is 5, and an ingress keeps connections for 60 s and longer/,
  ],
  ['no probe', (o) => delete server(o).startupProbe, /has no startupProbe/],
  [
    'a grace that is shorter than the stop',
    (o) => (pod(o).terminationGracePeriodSeconds = 39),
    /is 39, and a stop may take 40: preStop 0 \+ shutdownDelay 5 \+ gracefulTimeout 30 \+ 5/,
  ],
  [
    'a wait before TERM that nobody counted',
    (o) => (server(o).lifecycle = { preStop: { sleep: { seconds: 10 } } }),
    /a stop may take 50/,
  ],
  [
    'a stop that begins at once',
    (o) => (server(o).args = server(o).args.filter((one: string) => !one.startsWith('--shutdown'))),
    /neither preStop nor --shutdown-delay/,
  ],
  [
    'no admin listener',
    (o) => (server(o).args = server(o).args.filter((one: string) => !one.startsWith('--admin'))),
    /has no --admin-bind/,
  ],
  [
    'less memory than the workers may take',
    (o) => (server(o).resources = { requests: { memory: '640Mi' }, limits: { memory: '640Mi' } }),
    /limit is 640Mi, and 3 workers with a replacement may take 800Mi/,
  ],
  ['no memory limit', (o) => delete server(o).resources.limits, /has no memory limit/],
  [
    'memory that may be taken back',
    (o) => (server(o).resources.requests.memory = '64Mi'),
    /asks for less memory/,
  ],
  [
    'workers for which there is no processor',
    (o) => (server(o).resources.limits.cpu = '500m'),
    /3 workers share 0\.5 cores/,
  ],
  ['root', (o) => delete pod(o).securityContext.runAsNonRoot, /may run as root/],
  [
    'a root that can be written to',
    (o) => delete server(o).securityContext.readOnlyRootFilesystem,
    /root that can be written/,
  ],
  [
    'rights that may be gained',
    (o) => delete server(o).securityContext.allowPrivilegeEscalation,
    /may gain rights/,
  ],
  ['capabilities', (o) => delete server(o).securityContext.capabilities, /keeps capabilities/],
  ['no seccomp profile', (o) => delete pod(o).securityContext.seccompProfile, /no seccomp/],
  ['a mount of no volume', (o) => (pod(o).volumes = []), /mounts tmp, which is no volume/],
  ['nowhere to write', (o) => (server(o).volumeMounts = []), /read-only root and no \/tmp/],
  ['an image that moves', (o) => (server(o).image = 'shop:latest'), /is another one tomorrow/],
  [
    'an image of a registry with a port and without a tag',
    (o) => (server(o).image = 'host:5000/shop'),
    /another one tomorrow/,
  ],
  [
    'pods that leave before others are there',
    (o) => (o[0].spec.strategy.rollingUpdate.maxUnavailable = 1),
    /before there are new ones/,
  ],
  [
    'a Deployment that does not know its pods',
    (o) => (o[0].spec.selector.matchLabels = { app: 'x' }),
    /does not take its own pods/,
  ],
  [
    'two that say how many copies',
    (o) => (o[0].spec.replicas = 3),
    /has replicas, and HorizontalPodAutoscaler\/shop as well/,
  ],
  [
    'a Service of other pods',
    (o) => (of(o, 'Service').spec.selector = { app: 'x' }),
    /Service.*selects no pods|selects no pods/,
  ],
  [
    'a Service of a port that is not there',
    (o) => (of(o, 'Service').spec.ports[0].targetPort = 'web'),
    /names port web, which the pods of Deployment\/shop do not have/,
  ],
  [
    'a policy for a port that is not there',
    (o) => (of(o, 'NetworkPolicy').spec.ingress[1].ports[0].port = 9001),
    /names port 9001/,
  ],
  [
    'a monitor of a port that is not there',
    (o) => (of(o, 'PodMonitor').spec.podMetricsEndpoints[0].port = 'metrics'),
    /names port metrics/,
  ],
  [
    'a budget that lets no copy go',
    (o) => (of(o, 'PodDisruptionBudget').spec.maxUnavailable = 0),
    /no node can be emptied/,
  ],
  [
    'a scaler of something else',
    (o) => (of(o, 'HorizontalPodAutoscaler').spec.scaleTargetRef.name = 'x'),
    /scales x, which is no Deployment here/,
  ],
  [
    'a scaler that is quicker than a stop',
    (o) => (of(o, 'HorizontalPodAutoscaler').spec.behavior.scaleDown.stabilizationWindowSeconds = 10),
    /scales down after 10 s/,
  ],
  [
    'a scaler down to nothing',
    (o) => (of(o, 'HorizontalPodAutoscaler').spec.minReplicas = 0),
    /scales to no copy at all/,
  ],
];
for (const [why, change, what] of WRONG) {
  test(`the lint finds ${why}`, (t) => {
    const objects = structuredClone(objectsOf(ALL)) as ClusterObject[];
    change(objects);
    const findings = lintManifests(objects);
    t.true(
      findings.some((one) => what.test(one.what)),
      JSON.stringify(findings),
    );
    t.true(findings.every(({ where, cure }) => where.includes('/shop') && cure !== ''));
  });
}

test('quantities are read as Kubernetes writes them', (t) => {
  t.deepEqual(['500m', '2', '64Mi', '1Gi', '1.5G', 3, 'x', '1 Mi', undefined].map(quantity), [
    0.5,
    2,
    64 * 2 ** 20,
    2 ** 30,
    1.5e9,
    3,
    undefined,
    undefined,
    undefined,
  ]);
});
