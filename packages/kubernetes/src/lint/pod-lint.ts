import { at, type ClusterObject, listAt, type ManifestFinding, nameOf, numberAt } from './finding.ts';
import { quantity } from './quantity.ts';
import { serverArguments } from './server-arguments.ts';

const MARGIN_S = 5;
const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

/** What must hold of the pods of a Deployment that serve requests by this server. */
export function lintPod(deployment: ClusterObject): readonly ManifestFinding[] {
  const where = nameOf(deployment);
  const pod = at(deployment, 'spec', 'template', 'spec');
  const say = (what: string, cure: string): ManifestFinding => ({ where, what, cure });
  return listAt(pod, 'containers').flatMap((container) => [
    ...probeFindings(container, say),
    ...stopFindings(pod, container, say),
    ...keepaliveFindings(container, say),
    ...resourceFindings(container, say),
    ...securityFindings(pod, container, say),
    ...imageFindings(container, say),
  ]);
}

type Say = (what: string, cure: string) => ManifestFinding;

function probeFindings(container: unknown, say: Say): ManifestFinding[] {
  const ports = listAt(container, 'ports');
  const isThere = (port: unknown): boolean =>
    ports.some((one) => at(one, 'name') === port || at(one, 'containerPort') === port);
  const admin = ports.find((one) => at(one, 'name') === 'admin');
  return PROBES.flatMap((probe) => {
    const found = at(container, probe);
    if (found === undefined) return [say(`has no ${probe}`, `ask /${pathOf(probe)} of the admin port`)];
    const port = at(found, 'httpGet', 'port');
    if (port === undefined) {
      return [
        say(
          `${probe} asks by no httpGet`,
          'ask the admin port: a connection alone the kernel takes for a server that hangs',
        ),
      ];
    }
    if (!isThere(port))
      return [say(`${probe} asks port ${String(port)}, which no port of the container is`, 'name one')];
    const isAdmin = admin !== undefined && (port === 'admin' || port === at(admin, 'containerPort'));
    return isAdmin
      ? []
      : [
          say(
            `${probe} asks port ${String(port)}, where a worker that is busy cannot answer`,
            'ask the admin port',
          ),
        ];
  });
}

function pathOf(probe: (typeof PROBES)[number]): string {
  return { startupProbe: 'startupz', livenessProbe: 'livez', readinessProbe: 'readyz' }[probe];
}

function stopFindings(pod: unknown, container: unknown, say: Say): ManifestFinding[] {
  const { shutdownDelay, gracefulTimeout, hasAdmin } = serverArguments(container);
  const preStop = numberAt(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0;
  const grace = numberAt(pod, 'terminationGracePeriodSeconds') ?? 30;
  const needed = Math.ceil(preStop + shutdownDelay + gracefulTimeout) + MARGIN_S;
  return [
    ...(grace < needed
      ? [
          say(
            `terminationGracePeriodSeconds is ${grace}, and a stop may take ${needed}: preStop ${preStop} + shutdownDelay ${shutdownDelay} + gracefulTimeout ${gracefulTimeout} + ${MARGIN_S}`,
            `write ${needed}`,
          ),
        ]
      : []),
    ...(preStop + shutdownDelay === 0
      ? [
          say(
            'neither preStop nor --shutdown-delay keeps it serving until everybody has heard that it leaves',
            'write --shutdown-delay=5',
          ),
        ]
      : []),
    ...(hasAdmin ? [] : [say('has no --admin-bind, which probes ask', 'write --admin-bind=0.0.0.0:9000')]),
  ];
}

/** Whoever gives a connection up first must be the proxy: 60 s is what the most frequent ones wait. */
function keepaliveFindings(container: unknown, say: Say): ManifestFinding[] {
  const { keepalive } = serverArguments(container);
  return keepalive !== undefined && keepalive > 0 && keepalive <= 60
    ? [
        say(
          `--keep-alive is ${keepalive}, and an ingress keeps connections for 60 s and longer, so that requests meet one that is being closed`,
          'write --keep-alive=75, or more than the ingress does',
        ),
      ]
    : [];
}

function resourceFindings(container: unknown, say: Say): ManifestFinding[] {
  const { workers, maxWorkerMemory } = serverArguments(container);
  const memory = quantity(at(container, 'resources', 'limits', 'memory'));
  const asked = quantity(at(container, 'resources', 'requests', 'memory'));
  const cpu = quantity(at(container, 'resources', 'limits', 'cpu'));
  const needed = (workers + 1) * maxWorkerMemory;
  const findings: ManifestFinding[] = [];
  if (memory === undefined) {
    findings.push(
      say('has no memory limit', 'set one: without it a leak takes the memory of the whole node'),
    );
  } else {
    if (memory < needed) {
      findings.push(
        say(
          `its memory limit is ${inMi(memory)}, and ${workers} workers with a replacement may take ${inMi(needed)} (--max-worker-memory)`,
          `write ${inMi(needed)} and something for the arbiter, or fewer workers`,
        ),
      );
    }
    if (asked !== memory) {
      findings.push(
        say(
          'asks for less memory than it may take',
          'write the same, or it is among the first to be evicted',
        ),
      );
    }
  }
  if (cpu !== undefined && workers > 2 * cpu + 1) {
    findings.push(
      say(
        `${workers} workers share ${cpu} cores, and stand still together when these are used up`,
        `write no cpu limit, or --workers=${Math.floor(2 * cpu + 1)}`,
      ),
    );
  }
  return findings;
}

function inMi(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}

function securityFindings(pod: unknown, container: unknown, say: Say): ManifestFinding[] {
  const either = (...path: readonly string[]): unknown =>
    at(container, 'securityContext', ...path) ?? at(pod, 'securityContext', ...path);
  const claims: readonly (readonly [boolean, string, string])[] = [
    [either('runAsNonRoot') === true, 'may run as root', 'write runAsNonRoot: true'],
    [
      either('seccompProfile', 'type') === 'RuntimeDefault',
      'has no seccomp profile',
      'write seccompProfile: {type: RuntimeDefault}',
    ],
    [
      either('readOnlyRootFilesystem') === true,
      'has a root that can be written to',
      'write readOnlyRootFilesystem: true',
    ],
    [
      either('allowPrivilegeEscalation') === false,
      'may gain rights',
      'write allowPrivilegeEscalation: false',
    ],
    [
      listAt(container, 'securityContext', 'capabilities', 'drop').includes('ALL'),
      'keeps capabilities',
      'write capabilities: {drop: [ALL]}',
    ],
  ];
  const volumes = new Set(listAt(pod, 'volumes').map((volume) => at(volume, 'name')));
  const mounts = listAt(container, 'volumeMounts');
  return [
    ...claims.filter(([holds]) => !holds).map(([, what, cure]) => say(what, cure)),
    ...mounts
      .filter((mount) => !volumes.has(at(mount, 'name')))
      .map((mount) => say(`mounts ${String(at(mount, 'name'))}, which is no volume`, 'add it to volumes')),
    ...(either('readOnlyRootFilesystem') === true &&
    !mounts.some((mount) => at(mount, 'mountPath') === '/tmp')
      ? [say('has a read-only root and no /tmp', 'mount an emptyDir there: large request bodies lie in it')]
      : []),
  ];
}

function imageFindings(container: unknown, say: Say): ManifestFinding[] {
  const image = String(at(container, 'image') ?? '');
  const isPinned = /@sha256:[0-9a-f]{64}$/.test(image) || /:[\w][\w.-]*$/.test(image);
  if (isPinned && !image.endsWith(':latest')) return [];
  return [say(`its image ${image} is another one tomorrow`, 'write a tag or a digest')];
}
