import { raw, writeYaml, type YamlValue } from '@gunicorn-ts/container';
import type { ExportedFile } from '@gunicorn-ts/interface';
import { type Manifest, manifestsOf } from '../manifests.ts';
import type { Workload } from '../workload.ts';
import { HELPERS, NOTES, testPod } from './fixed-templates.ts';
import { templated } from './templated.ts';
import { valuesOf, valuesSchema } from './values.ts';

/** What stands for the name of the release until the text is written. */
const RELEASE = 'RELEASE-NAME';

/** When a template is part of a release. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'networkpolicy.yaml': '.Values.networkPolicy.enabled',
  'podmonitor.yaml': '.Values.podMonitor.enabled',
  'hpa.yaml': 'eq .Values.autoscaling.kind "hpa"',
  'scaledobject.yaml': 'eq .Values.autoscaling.kind "keda"',
};

/** A chart: the manifests of the workload as templates, with its numbers as values. */
export function chart(workload: Workload): readonly ExportedFile[] {
  const released: Workload = {
    ...workload,
    name: RELEASE,
    labels: { ...workload.labels, 'app.kubernetes.io/instance': RELEASE },
    podMonitor: true,
    namespace: undefined,
    cpuLimit: undefined,
  };
  const manifests = [
    ...manifestsOf({ ...released, autoscale: 'hpa' }),
    ...manifestsOf({ ...released, autoscale: 'keda' }).filter(({ file }) => file === 'scaledobject.yaml'),
  ];
  return [
    { name: 'Chart.yaml', text: chartFile(workload) },
    { name: 'values.yaml', text: writeYaml(valuesOf(workload)) },
    { name: 'values.schema.json', text: valuesSchema() },
    { name: 'templates/_helpers.tpl', text: HELPERS },
    { name: 'templates/NOTES.txt', text: NOTES },
    ...manifests.map(({ file, manifest }) => template(file, manifest)),
    {
      name: 'templates/tests/serves.yaml',
      text: testPod(released, RELEASE).replaceAll(RELEASE, '{{ .Release.Name }}'),
    },
  ];
}

function template(file: string, manifest: Manifest): ExportedFile {
  const condition = CONDITIONS[file];
  const text = templated(file, writeYaml(withValues(file, manifest))).replaceAll(
    RELEASE,
    '{{ .Release.Name }}',
  );
  return {
    name: `templates/${file}`,
    text: condition === undefined ? text : `{{- if ${condition} }}\n${text}{{- end }}\n`,
  };
}

type Tree = { [key: string]: YamlValue | undefined };

/** Numbers of a manifest that are values of the chart, as expressions. */
function withValues(file: string, manifest: Manifest): Manifest {
  switch (file) {
    case 'hpa.yaml': {
      const spec = manifest['spec'] as Tree;
      const [busy, queue] = spec['metrics'] as readonly YamlValue[];
      const target = (metric: YamlValue, expression: string): YamlValue => {
        const { pods } = metric as { pods: Tree };
        return {
          type: 'Pods',
          pods: { ...pods, target: { type: 'AverageValue', averageValue: raw(expression) } },
        };
      };
      return {
        ...manifest,
        spec: {
          ...spec,
          minReplicas: raw('{{ .Values.replicas }}'),
          maxReplicas: raw('{{ .Values.autoscaling.maxReplicas }}'),
          metrics: [
            target(busy!, '{{ printf "%.0fm" (mulf .Values.autoscaling.busyRatio 1000) }}'),
            target(queue!, '{{ printf "%.0fm" (mulf .Values.autoscaling.queueSeconds 1000) }}'),
          ],
        },
      };
    }
    case 'scaledobject.yaml': {
      const { fallback: _fallback, ...spec } = manifest['spec'] as Tree;
      const triggers = (spec['triggers'] as readonly Tree[]).map((trigger, index) => ({
        ...trigger,
        metadata: {
          ...(trigger['metadata'] as Tree),
          serverAddress: raw('{{ .Values.autoscaling.prometheus | quote }}'),
          threshold: raw(`{{ .Values.autoscaling.${index === 0 ? 'busyRatio' : 'queueSeconds'} | quote }}`),
        },
      }));
      return {
        ...manifest,
        spec: {
          ...spec,
          minReplicaCount: raw('{{ .Values.replicas }}'),
          maxReplicaCount: raw('{{ .Values.autoscaling.maxReplicas }}'),
          triggers,
        },
      };
    }
    default:
      return manifest;
  }
}

function chartFile({ name, image }: Workload): string {
  const version = /:(?:v?)(\d+\.\d+\.\d+)$/.exec(image)?.[1] ?? '0.1.0';
  return writeYaml({
    apiVersion: 'v2',
    name,
    description: `${name}, served by Gunicorn in TypeScript`,
    type: 'application',
    version,
    appVersion: raw(JSON.stringify(image.slice(image.search(/[@:](?!.*\/)/) + 1))),
    kubeVersion: '>=1.25.0-0',
  });
}
