import { type Container, containerOf, IMAGE, numberOption, textOption } from '@gunicorn-ts/container';
import type { Deployment, ExporterOptions } from '@gunicorn-ts/interface';
import { optionMissing } from './errors.ts';

/** Copies of the server in a cluster. Plain data. */
export interface Workload {
  /** Of every object; a name in the DNS. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly container: Container;
  readonly image: string;
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Thousandths of a core. */
  readonly cpu: number;
  readonly cpuLimit: number | undefined;
  readonly podMonitor: boolean;
  readonly monitoringNamespace: string;
  readonly autoscale: 'hpa' | 'keda' | undefined;
  readonly prometheus: string;
  readonly namespace: string | undefined;
}

/** A worker that waits for others half of its time, which is what its class makes it worth having. */
const CPU_PER_WORKER = 500;
const NAMESPACE = { pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, like: 'monitoring' } as const;
const TAGGED = {
  pattern: /^[a-z0-9][\w./-]*(?::\d+\/[\w./-]+)?(?::(?!latest$)[\w][\w.-]*|@sha256:[0-9a-f]{64})$/,
  like: 'registry.example/shop:1.4.0; latest is another one tomorrow, and a rollback would not go back',
} as const;

/**
 * @throws {OperatorError} `ERR_EXPORT_USAGE`, and what `containerOf` throws
 */
export function workloadOf(deployment: Deployment, options: ExporterOptions): Workload {
  const count = (flag: string, least: number, most: number, otherwise: number): number =>
    numberOption(options, flag, { least, most, otherwise });
  const preStop = count('--pre-stop', 0, 600, 0);
  const container = containerOf(deployment, options, { preStop, isBalanced: true });
  textOption(options, '--image', IMAGE);
  const image = textOption(options, '--image', TAGGED);
  if (image === undefined) throw optionMissing('--image', 'write --image registry.example/shop:1.4.0');
  const name = dnsName(deployment.name);
  const replicas = count('--replicas', 1, 1000, 2);
  return {
    name,
    labels: { 'app.kubernetes.io/name': name },
    container,
    image,
    replicas,
    maxReplicas: count('--max-replicas', replicas, 1000, Math.max(10, replicas)),
    cpu: count('--cpu', 10, 256_000, container.workers * CPU_PER_WORKER),
    cpuLimit: options.has('--cpu-limit') ? count('--cpu-limit', 100, 256_000, 1000) : undefined,
    podMonitor: options.has('--pod-monitor'),
    monitoringNamespace: textOption(options, '--monitoring-namespace', NAMESPACE) ?? 'monitoring',
    autoscale: textOption(options, '--autoscale', { pattern: /^(?:hpa|keda)$/, like: 'hpa or keda' }) as
      | 'hpa'
      | 'keda'
      | undefined,
    prometheus:
      textOption(options, '--prometheus', {
        pattern: /^https?:\/\/[^\s"]+$/,
        like: 'http://prometheus:9090',
      }) ?? 'http://prometheus-operated.monitoring:9090',
    namespace: textOption(options, '--namespace', NAMESPACE),
  };
}

/** RFC 1035: the name of a Service begins with a letter. Room is left for what a ReplicaSet appends. */
function dnsName(name: string): string {
  const text = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 46);
  return text.replace(/-+$/, '') || 'gunicorn';
}
