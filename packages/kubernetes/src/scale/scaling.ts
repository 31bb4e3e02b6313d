import { commented, type YamlValue } from '@gunicorn-ts/container';
import type { Workload } from '../workload.ts';
import { scalingBehavior } from './behavior.ts';
import { BUSY_RATIO, busyQuery, QUEUE_SECONDS, queueQuery, TARGETS } from './queries.ts';

type Manifest = { readonly [key: string]: YamlValue | undefined };

/** The cluster's own scaler, on metrics that prometheus-adapter brings it. The largest of its answers counts. */
export function horizontalPodAutoscaler({
  name,
  labels,
  replicas,
  maxReplicas,
  container,
}: Workload): Manifest {
  const metric = (metricName: string, value: string): YamlValue => ({
    type: 'Pods',
    pods: { metric: { name: metricName }, target: { type: 'AverageValue', averageValue: value } },
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, labels },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: replicas,
      maxReplicas,
      metrics: [metric(BUSY_RATIO, '600m'), metric(QUEUE_SECONDS, '50m')],
      behavior: scalingBehavior(container.stop.grace),
    },
  };
}

/** What prometheus-adapter has to be told so that the cluster knows these metrics: values for its chart. */
export function adapterRules(): Manifest {
  const resources = { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } };
  const rule = (series: string, as: string, metricsQuery: string): YamlValue => ({
    seriesQuery: `${series}{namespace!="",pod!=""}`,
    resources,
    name: { as },
    metricsQuery,
  });
  const [labels, by] = ['<<.LabelMatchers>>', '<<.GroupBy>>'];
  return {
    rules: {
      custom: [
        rule('gunicorn_worker_busy_seconds_total', BUSY_RATIO, busyQuery(labels, by)),
        rule('gunicorn_queue_seconds_bucket', QUEUE_SECONDS, queueQuery(labels, by)),
      ],
    },
  };
}

/** KEDA, which asks Prometheus itself. */
export function scaledObject(workload: Workload, prometheus: string): Manifest {
  const { name, labels, replicas, maxReplicas, container, namespace } = workload;
  const pods = [
    ...(namespace === undefined ? [] : [`namespace="${namespace}"`]),
    `pod=~"${name}-[0-9a-z]+-[0-9a-z]{5}"`,
  ].join(',');
  const trigger = (query: string, threshold: number): YamlValue => ({
    type: 'prometheus',
    metricType: 'Value',
    metadata: { serverAddress: prometheus, query, threshold: String(threshold), ignoreNullValues: 'true' },
  });
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, labels },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: replicas,
      maxReplicaCount: maxReplicas,
      pollingInterval: 15,
      fallback: commented(
        { failureThreshold: 4, replicas: Math.max(replicas, Math.ceil(maxReplicas / 2)) },
        'While Prometheus does not answer.',
      ),
      advanced: { horizontalPodAutoscalerConfig: { behavior: scalingBehavior(container.stop.grace) } },
      triggers: [
        trigger(busyQuery(pods), TARGETS.busyRatio),
        trigger(queueQuery(pods), TARGETS.queueSeconds),
      ],
    },
  };
}

/** The rule of the cluster's scaler for one metric: how many copies are wanted. Within a tenth of the target, as many as now. */
export function wantedReplicas(replicas: number, value: number, target: number): number {
  const ratio = value / target;
  return Math.abs(ratio - 1) <= 0.1 ? replicas : Math.ceil(replicas * ratio);
}
