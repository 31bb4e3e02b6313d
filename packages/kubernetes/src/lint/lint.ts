import type { ClusterObject, ManifestFinding } from './finding.ts';
import { lintPod } from './pod-lint.ts';
import { lintReferences } from './reference-lint.ts';

export type { ManifestFinding } from './finding.ts';

/**
 * What no schema knows of the objects that run a server: whether they fit together. Objects of other kinds are left
 * alone.
 */
export function lintManifests(objects: readonly ClusterObject[]): readonly ManifestFinding[] {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  return [...deployments.flatMap((deployment) => lintPod(deployment)), ...lintReferences(objects)];
}
