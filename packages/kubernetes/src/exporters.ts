import { writeYaml } from '@gunicorn-ts/container';
import type { Deployment, Export, ExportedFile, Exporter, ExporterOptions } from '@gunicorn-ts/interface';
import { unsoundManifests } from './errors.ts';
import { chart } from './helm/chart.ts';
import { kustomization } from './kustomize.ts';
import type { ClusterObject } from './lint/finding.ts';
import { lintManifests } from './lint/lint.ts';
import { adapterValues, manifestsOf, type NamedManifest } from './manifests.ts';
import { WORKLOAD_OPTIONS } from './options.ts';
import { plain } from './plain.ts';
import { type Workload, workloadOf } from './workload.ts';

/** Several objects one after the other are one stream of documents. */
export function documentOf({ file, manifest }: NamedManifest): ExportedFile {
  return { name: file, text: `---\n${writeYaml(manifest)}` };
}

/**
 * The workload that was asked for, after its manifests were looked at.
 * @throws {OperatorError} `ERR_EXPORT_DISAGREEMENT` when they would not do what they are for
 */
function soundWorkload(deployment: Deployment, options: ExporterOptions): Workload {
  const workload = workloadOf(deployment, options);
  const findings = lintManifests(
    manifestsOf(workload).map(({ manifest }) => plain(manifest) as ClusterObject),
  );
  if (findings.length > 0) throw unsoundManifests(findings);
  return workload;
}

function warningsOf({ container, name, replicas }: Workload): string[] {
  const { secrets, warnings } = container;
  const literals = secrets.map((key) => `--from-literal=${key}=…`).join(' ');
  return [
    ...warnings.filter((warning) => !/looks like a secret/.test(warning)),
    ...(secrets.length === 0
      ? []
      : [
          `${secrets.join(', ')} are taken from a Secret; make it: kubectl create secret generic ${name} ${literals}`,
        ]),
    ...(replicas === 1 ? ['one copy cannot outlive its node; write --replicas 2'] : []),
  ];
}

const kubernetes: Exporter = {
  kind: 'kubernetes',
  options: WORKLOAD_OPTIONS,
  make(deployment, options): Export {
    const workload = soundWorkload(deployment, options);
    const files = manifestsOf(workload).map(documentOf);
    // In a folder of its own: kubectl apply takes all files of the one that it is given.
    const adapter = workload.autoscale === 'hpa' ? [documentOf(adapterValues())] : [];
    return {
      files: [...files, ...adapter.map(({ name, text }) => ({ name: `adapter/${name}`, text }))],
      warnings: warningsOf(workload),
    };
  },
};

const kustomize: Exporter = {
  kind: 'kustomize',
  options: WORKLOAD_OPTIONS,
  make(deployment, options): Export {
    const workload = soundWorkload(deployment, options);
    return { files: kustomization(workload).map(documentOf), warnings: warningsOf(workload) };
  },
};

const helm: Exporter = {
  kind: 'helm',
  options: WORKLOAD_OPTIONS,
  make(deployment, options): Export {
    const workload = soundWorkload(deployment, options);
    return { files: chart(workload), warnings: warningsOf(workload) };
  },
};

/** What `gunicorn export` can make when this package is installed. */
export const exporters: readonly Exporter[] = [kubernetes, kustomize, helm];
