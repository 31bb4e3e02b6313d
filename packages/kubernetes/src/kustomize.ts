import { manifestsOf, type NamedManifest } from './manifests.ts';
import type { Workload } from './workload.ts';

/** What the image is called in the base; overlays say which one it is. */
const PLACEHOLDER = 'server';

/** A base with all that every place has, `overlays/production` as the options say, and a small `overlays/staging`. */
export function kustomization(workload: Workload): readonly NamedManifest[] {
  const base = manifestsOf({ ...workload, image: PLACEHOLDER, autoscale: undefined, podMonitor: false });
  const extra = manifestsOf(workload).filter(({ file }) => !base.some((one) => one.file === file));
  const { name, image, replicas, autoscale } = workload;
  const [newName, pin] = splitImage(image);
  const images = [{ name: PLACEHOLDER, newName, ...pin }];
  const scaled = [{ op: 'remove', path: '/spec/replicas' }];
  return [
    ...inFolder('base', base),
    kustomizationOf('base', { resources: base.map(({ file }) => file) }),
    ...inFolder('overlays/production', extra),
    kustomizationOf('overlays/production', {
      resources: ['../../base', ...extra.map(({ file }) => file)],
      images,
      ...(autoscale === undefined
        ? { replicas: [{ name, count: replicas }] }
        : { patches: [{ target: { kind: 'Deployment', name }, patch: JSON.stringify(scaled) }] }),
    }),
    kustomizationOf('overlays/staging', {
      resources: ['../../base'],
      nameSuffix: '-staging',
      labels: [{ pairs: { 'app.kubernetes.io/instance': 'staging' }, includeSelectors: true }],
      images,
      replicas: [{ name, count: 1 }],
    }),
  ];
}

function inFolder(folder: string, manifests: readonly NamedManifest[]): NamedManifest[] {
  return manifests.map(({ file, manifest }) => ({ file: `${folder}/${file}`, manifest }));
}

function kustomizationOf(folder: string, members: NamedManifest['manifest']): NamedManifest {
  return {
    file: `${folder}/kustomization.yaml`,
    manifest: { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...members },
  };
}

/** A colon in front of a slash is that of a port. */
function splitImage(image: string): readonly [name: string, pin: { newTag: string } | { digest: string }] {
  const [name = '', digest] = image.split('@');
  if (digest !== undefined) return [name, { digest }];
  const colon = image.lastIndexOf(':');
  return [image.slice(0, colon), { newTag: image.slice(colon + 1) }];
}
