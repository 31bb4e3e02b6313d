import { CONTAINER_OPTIONS } from '@gunicorn-ts/container';
import type { ExporterOption } from '@gunicorn-ts/interface';

/** What all three kinds ask for. */
export const WORKLOAD_OPTIONS: readonly ExporterOption[] = [
  { flag: '--image', value: 'IMAGE', help: 'The image, with a tag or a digest. Must be given.' },
  ...CONTAINER_OPTIONS,
  { flag: '--replicas', value: 'N', help: 'Copies, and the fewest of them with --autoscale. [default: 2]' },
  { flag: '--cpu', value: 'MILLICORES', help: 'What a copy asks for. [default: 500 for each worker]' },
  { flag: '--cpu-limit', value: 'MILLICORES', help: 'What it may take at most. [default: none]' },
  {
    flag: '--pre-stop',
    value: 'SECONDS',
    help: 'Wait before TERM, in place of shutdownDelay. Kubernetes 1.30.',
  },
  { flag: '--pod-monitor', help: 'A PodMonitor, for the operator of Prometheus.' },
  { flag: '--monitoring-namespace', value: 'NAME', help: 'Who may read metrics. [default: monitoring]' },
  { flag: '--autoscale', value: 'hpa|keda', help: 'Scale by how busy workers are.' },
  { flag: '--max-replicas', value: 'N', help: 'Most copies with --autoscale. [default: 10]' },
  {
    flag: '--prometheus',
    value: 'URL',
    help: 'Where KEDA asks. [default: http://prometheus-operated.monitoring:9090]',
  },
  { flag: '--namespace', value: 'NAME', help: 'Of the pods, for the questions of KEDA.' },
];
