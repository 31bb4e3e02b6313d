import type { YamlValue } from '@gunicorn-ts/container';
import { podSpec } from './pod.ts';
import { adapterRules, horizontalPodAutoscaler, scaledObject } from './scale/scaling.ts';
import type { Workload } from './workload.ts';

export type Manifest = { readonly [key: string]: YamlValue | undefined };

/** An object with the file that it is written to. */
export interface NamedManifest {
  readonly file: string;
  readonly manifest: Manifest;
}

/** All objects of a workload. */
export function manifestsOf(workload: Workload): readonly NamedManifest[] {
  const optional: readonly (readonly [boolean, string, () => Manifest])[] = [
    [workload.podMonitor, 'podmonitor.yaml', () => podMonitor(workload)],
    [workload.autoscale === 'hpa', 'hpa.yaml', () => horizontalPodAutoscaler(workload)],
    [workload.autoscale === 'keda', 'scaledobject.yaml', () => scaledObject(workload, workload.prometheus)],
  ];
  return [
    { file: 'deployment.yaml', manifest: deployment(workload) },
    { file: 'service.yaml', manifest: service(workload) },
    { file: 'poddisruptionbudget.yaml', manifest: disruptionBudget(workload) },
    { file: 'networkpolicy.yaml', manifest: networkPolicy(workload) },
    ...optional.flatMap(([wanted, file, make]) => (wanted ? [{ file, manifest: make() }] : [])),
  ];
}

/** What the cluster's own scaler needs beside it; no object of the cluster, but values for a chart. */
export function adapterValues(): NamedManifest {
  return { file: 'prometheus-adapter-values.yaml', manifest: adapterRules() };
}

function deployment(workload: Workload): Manifest {
  const { name, labels, replicas, autoscale } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      // The number is the scaler's where there is one: an apply must not take it back.
      replicas: autoscale === undefined ? replicas : undefined,
      revisionHistoryLimit: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(workload) },
    },
  };
}

/** Requests alone: health and metrics are asked of each copy. */
function service({ name, labels }: Workload): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: {
      selector: labels,
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

function disruptionBudget({ name, labels }: Workload): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
}

/** Probes come from the node, whose traffic no policy keeps out. */
function networkPolicy({ name, labels, monitoringNamespace }: Workload): Manifest {
  const from = [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': monitoringNamespace } } },
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ port: 'http', protocol: 'TCP' }] },
        { from, ports: [{ port: 'admin', protocol: 'TCP' }] },
      ],
    },
  };
}

function podMonitor({ name, labels }: Workload): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: labels },
      podMetricsEndpoints: [{ port: 'admin', path: '/metrics', interval: '15s' }],
    },
  };
}
