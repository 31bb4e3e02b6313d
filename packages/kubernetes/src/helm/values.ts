import { commented, type YamlValue } from '@gunicorn-ts/container';
import type { Workload } from '../workload.ts';

/** What the chart can be told: a number where the settings have one, so that the chart can reckon with it. */
export function valuesOf(workload: Workload): YamlValue {
  const { container, image, replicas, maxReplicas, cpu, cpuLimit, autoscale, podMonitor } = workload;
  const { stop, memory, workers, environment, secrets } = container;
  const colon = image.lastIndexOf(':');
  const [repository, tag] = image.includes('@')
    ? image.split('@')
    : [image.slice(0, colon), image.slice(colon + 1)];
  return {
    image: {
      repository: repository ?? '',
      tag: commented(tag ?? '', 'A tag, or a digest (sha256:…).'),
      pullPolicy: 'IfNotPresent',
    },
    replicas: commented(replicas, 'The fewest, when it is scaled.'),
    workers,
    preStop: commented(stop.preStop, 'Seconds before TERM. Kubernetes 1.30; 0 is none.'),
    shutdownDelay: commented(Math.ceil(stop.shutdownDelay), 'Seconds after TERM in which it serves on.'),
    gracefulTimeout: commented(
      Math.ceil(stop.graceful),
      'Seconds for requests under way; KILL comes 5 later.',
    ),
    memory: {
      base: commented(memory.base, 'MB of the arbiter.'),
      perWorker: commented(
        memory.perWorker,
        'MB of a worker. The limit is base + (workers + 1) × perWorker.',
      ),
      recycle: commented(memory.isMeasured, 'Replace a worker that takes more.'),
    },
    cpu: {
      request: commented(cpu, 'Thousandths of a core.'),
      limit: commented(cpuLimit ?? 0, '0 is none.'),
    },
    env: [
      ...environment.map(([name, value]) => ({ name, value })),
      ...secrets.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: workload.name, key } } })),
    ],
    autoscaling: {
      kind: commented(autoscale ?? 'none', 'none, hpa or keda.'),
      maxReplicas,
      busyRatio: commented(0.6, 'More copies above this.'),
      queueSeconds: commented(0.05, 'And in any case above this.'),
      prometheus: workload.prometheus,
    },
    podMonitor: { enabled: podMonitor },
    networkPolicy: { enabled: true, monitoringNamespace: workload.monitoringNamespace },
  };
}

const whole = (minimum: number, maximum = 1_000_000): object => ({ type: 'integer', minimum, maximum });
const text = { type: 'string', minLength: 1 };
const object = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

/** `values.schema.json`: a value that is misspelt or out of range stops `helm install`. */
export function valuesSchema(): string {
  const properties = {
    image: object({
      repository: text,
      // Without a lookahead: Helm's patterns are those of Go.
      tag: {
        type: 'string',
        pattern: '^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|sha256:[0-9a-f]{64})$',
        not: { const: 'latest' },
      },
      pullPolicy: { enum: ['IfNotPresent', 'Always', 'Never'] },
    }),
    replicas: whole(1, 1000),
    workers: whole(1, 1000),
    preStop: whole(0, 600),
    shutdownDelay: whole(0, 600),
    gracefulTimeout: whole(0, 86_400),
    memory: object({ base: whole(32), perWorker: whole(32), recycle: { type: 'boolean' } }),
    cpu: object({ request: whole(10), limit: whole(0) }),
    env: { type: 'array', items: { type: 'object', required: ['name'] } },
    autoscaling: object({
      kind: { enum: ['none', 'hpa', 'keda'] },
      maxReplicas: whole(1, 1000),
      busyRatio: { type: 'number', minimum: 0.1, maximum: 0.95 },
      queueSeconds: { type: 'number', exclusiveMinimum: 0 },
      prometheus: { type: 'string', pattern: '^https?://' },
    }),
    podMonitor: object({ enabled: { type: 'boolean' } }),
    networkPolicy: object({ enabled: { type: 'boolean' }, monitoringNamespace: text }),
    global: { type: 'object' },
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => name !== 'global'),
    properties,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
