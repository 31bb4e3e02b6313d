import { commented, UID, type YamlValue } from '@gunicorn-ts/container';
import type { Workload } from './workload.ts';

type Part = { readonly [key: string]: YamlValue | undefined };

/** Seconds between two questions while a copy starts. */
const STARTUP_PERIOD_S = 2;
/** Where `bootTimeout` gives a worker any time. */
const LONG_BOOT_S = 600;
const MB = 1024 * 1024;

/** What a pod is made of. */
export function podSpec(workload: Workload): Part {
  const { container, name } = workload;
  const { stop } = container;
  const before = stop.preStop > 0 ? `preStop ${stop.preStop} + ` : '';
  return {
    terminationGracePeriodSeconds: commented(
      stop.grace,
      `${before}shutdownDelay ${stop.shutdownDelay} + gracefulTimeout ${stop.graceful} + ${stop.margin}`,
    ),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: UID,
      runAsGroup: UID,
      fsGroup: UID,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: workload.labels },
      },
    ],
    containers: [serverContainer(workload, name)],
    volumes: [{ name: 'tmp', emptyDir: temporary(workload) }],
  };
}

function serverContainer(workload: Workload, name: string): Part {
  const { container, image } = workload;
  const { args, port, adminPort, stop } = container;
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    args,
    ports: [
      { name: 'http', containerPort: port },
      { name: 'admin', containerPort: adminPort },
    ],
    ...variables(workload),
    ...probes(container.deployment.settings.bootTimeout),
    lifecycle: stop.preStop > 0 ? { preStop: { sleep: { seconds: stop.preStop } } } : undefined,
    resources: resources(workload),
    securityContext: {
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: container.writable.map((mountPath) => ({ name: 'tmp', mountPath })),
  };
}

function variables({ container: { environment, secrets }, name }: Workload): Part {
  const env = [
    ...environment.map(([key, value]) => ({ name: key, value })),
    ...secrets.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } })),
  ];
  return env.length === 0 ? {} : { env };
}

/** All of the admin port: workers that are busy, or hang, cannot answer, and are the arbiter's to deal with. */
function probes(bootTimeout: number): Part {
  const get = (path: string): YamlValue => ({ path, port: 'admin' });
  const boot = bootTimeout === 0 ? LONG_BOOT_S : bootTimeout * 2;
  return {
    startupProbe: {
      httpGet: get('/startupz'),
      periodSeconds: STARTUP_PERIOD_S,
      timeoutSeconds: 2,
      failureThreshold: commented(
        Math.ceil(boot / STARTUP_PERIOD_S),
        bootTimeout === 0 ? `${LONG_BOOT_S} s` : `Twice bootTimeout, ${bootTimeout} s.`,
      ),
    },
    livenessProbe: { httpGet: get('/livez'), periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 6 },
    readinessProbe: { httpGet: get('/readyz'), periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
  };
}

function resources({ container: { memory }, cpu, cpuLimit }: Workload): Part {
  const size = `${memory.limit}Mi`;
  return {
    requests: { cpu: `${cpu}m`, memory: size },
    limits: {
      cpu: cpuLimit === undefined ? undefined : `${cpuLimit}m`,
      memory: commented(
        size,
        `${memory.base} + ${memory.workers} × ${memory.perWorker}: a replacement is there before a worker leaves`,
      ),
    },
  };
}

/** The control socket, and bodies that are too large for memory: as much as workers may put there. */
function temporary({ container: { deployment, workers } }: Workload): Part {
  const { limitSpooledBodies } = deployment.settings;
  if (limitSpooledBodies === 0) return {};
  return { sizeLimit: `${Math.ceil((workers * limitSpooledBodies) / MB) + 64}Mi` };
}
