import type { Deployment, ExporterOptions, Settings } from '@gunicorn-ts/interface';
import { deploymentOf, pythonDeployment } from '../../../container/test/unit/deployment-of.ts';
import { exporters } from '../../src/index.ts';
import type { ClusterObject } from '../../src/lint/finding.ts';
import { manifestsOf } from '../../src/manifests.ts';
import { plain } from '../../src/plain.ts';
import { workloadOf } from '../../src/workload.ts';

export { deploymentOf, pythonDeployment };

/** Options as they stand on a command line; the image is given where none is. */
export function optionsOf(words: readonly string[] = []): ExporterOptions {
  const options = new Map<string, string[]>([['--image', ['registry.example/shop:1.4.0']]]);
  for (const word of words) {
    const [flag = '', value] = word.split(/=(.*)/s);
    options.set(flag, value === undefined ? [] : [value]);
  }
  return options;
}

/** What an exporter makes, by the name of the file. */
export function filesOf(
  kind: string,
  words: readonly string[] = [],
  deployment: Deployment = deploymentOf({ workers: 3, workerClass: 'event' }),
): ReadonlyMap<string, string> {
  const { files } = exporters.find((one) => one.kind === kind)!.make(deployment, optionsOf(words));
  return new Map(files.map(({ name, text }) => [name, text]));
}

/** The objects of the manifests, without comments. */
export function objectsOf(words: readonly string[] = [], settings: Partial<Settings> = {}): ClusterObject[] {
  const workload = workloadOf(deploymentOf({ workers: 3, ...settings }), optionsOf(words));
  return manifestsOf(workload).map(({ manifest }) => plain(manifest) as ClusterObject);
}
