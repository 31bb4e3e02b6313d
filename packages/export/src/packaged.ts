import type { Exporter } from '@gunicorn-ts/interface';
import { exportUsageError } from './errors.ts';

const CONTAINER = '@gunicorn-ts/container';
const KUBERNETES = '@gunicorn-ts/kubernetes';

/** What is exported by packages that are installed for it alone. */
export const PACKAGED_KINDS: ReadonlyMap<string, { readonly package: string; readonly summary: string }> =
  new Map([
    ['docker', { package: CONTAINER, summary: 'a Dockerfile and .dockerignore, for Node.js or Python' }],
    ['compose', { package: CONTAINER, summary: 'compose.yaml, to run that image on one machine' }],
    ['procfile', { package: CONTAINER, summary: 'a Procfile, for Heroku and those like it' }],
    ['fly', { package: CONTAINER, summary: 'fly.toml, for Fly.io' }],
    ['kubernetes', { package: KUBERNETES, summary: 'manifests: rolling updates, probes, budgets, scaling' }],
    ['kustomize', { package: KUBERNETES, summary: 'the same as a base with two overlays' }],
    ['helm', { package: KUBERNETES, summary: 'the same as a chart' }],
  ]);

/** What `gunicorn export KIND --help` says of a packaged exporter. */
export function helpOf({ kind, options }: Exporter): string {
  const lines = [
    ...options,
    { flag: '--output', value: 'DIR', help: 'Write the files to DIR instead of printing them.' },
    {
      flag: '--check',
      value: 'DIR',
      help: 'Say what differs from the files in DIR; exit code 1 when something does.',
    },
  ].map(({ flag, value, help }) => `  ${`${flag} ${value ?? ''}`.padEnd(28)}${help}`);
  return [
    `usage: gunicorn export ${kind} [OPTIONS] [THE SERVER'S OWN FLAGS] [APP_MODULE]`,
    '',
    PACKAGED_KINDS.get(kind)?.summary ?? '',
    '',
    'Options:',
    ...lines,
  ].join('\n');
}

/** The exporter of that kind, of what its package exports. */
export function exporterIn(exporters: readonly Exporter[], kind: string): Exporter {
  const found = exporters.find((one) => one.kind === kind);
  if (found !== undefined) return found;
  const name = PACKAGED_KINDS.get(kind)?.package ?? kind;
  throw exportUsageError(
    `export: the version of ${name} that is installed has no ${kind}; install the one of this server: npm install ${name}@latest`,
  );
}
