import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interpretCommandLine } from '@gunicorn-ts/config';
import { exporters as containerExporters } from '@gunicorn-ts/container';
import { runVerb } from '@gunicorn-ts/control';
import { runExport } from '@gunicorn-ts/export';
import { isVerb, type LoadedSettings } from '@gunicorn-ts/interface';
import { exporters as kubernetesExporters } from '@gunicorn-ts/kubernetes';
import { loader } from '@gunicorn-ts/python';
import eventWorker from '@gunicorn-ts/worker-event';
import syncWorker from '@gunicorn-ts/worker-sync';

/** Commands that take words of their own and are tried by tests of theirs. */
const OTHERS = new Set(['health', 'migrate', 'verify']);
/** What a page writes for a value that the reader knows. */
const PLACEHOLDER = /^(?:[A-Z][A-Z_]+(?:\|.*)?|\[.*|…|.*…)$/;
/** What the reader's configuration file says. */
const ASSUMED = { GUNICORN_CMD_ARGS: '--access-logfile /var/log/app/access.log app.ts' };
/** Flags that name what is on the reader's machine alone. */
const LOCAL = new Set(['--chdir', '--env-file']);

const quiet = { write: () => true };

/**
 * What the command itself says against its arguments; `undefined` when it takes them. Files, accounts and applications
 * that they name are taken to be there.
 */
export async function complaintAbout(argv: readonly string[]): Promise<string | undefined> {
  const [first = ''] = argv;
  const isOpen = argv.some((word) => PLACEHOLDER.test(word) || word.endsWith('my-worker.ts'));
  if (OTHERS.has(first) || isOpen || (first === 'export' && argv.length === 1)) return undefined;
  const cwd = mkdtempSync(join(tmpdir(), 'gunicorn-snippet-'));
  try {
    await tryOut(argv, cwd);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

async function tryOut(argv: readonly string[], cwd: string): Promise<void> {
  const [first = '', ...rest] = argv;
  const io = { stdout: quiet, stderr: quiet };
  if (isVerb(first)) {
    await runVerb(first, [...rest, '--help'], { cwd, env: {}, io, readConfig: async () => undefined });
  } else if (first === 'export') {
    const output = rest.indexOf('--output');
    const kept = output < 0 ? rest : [...rest.slice(0, output), ...rest.slice(output + 2)];
    const place = {
      cwd,
      env: {},
      program: ['/usr/bin/node', '/usr/bin/gunicorn'],
      isLauncher: false,
      files: [],
    } as const;
    await runExport(kept, {
      ...io,
      ...place,
      load: async (words) => ({
        loaded: await settingsOf(words, cwd),
        isPython: false,
        project: { names: [], texts: {} },
      }),
      exportersOf: async () => [...containerExporters, ...kubernetesExporters],
    });
  } else {
    await settingsOf(argv, cwd);
  }
}

async function settingsOf(argv: readonly string[], cwd: string): Promise<LoadedSettings> {
  const interpretation = await interpretCommandLine({
    argv: argv.filter((word, at) => !LOCAL.has(word) && !LOCAL.has(argv[at - 1] ?? '')),
    env: ASSUMED,
    cwd,
    command: 'start',
    elsewhere: true,
    resolveWorkerClass: async (name) => ({
      workerClass: name === 'sync' ? syncWorker : eventWorker,
      workerModule: '',
    }),
    loaders: [{ loader, loaderModule: '' }],
    version: '',
  });
  if (interpretation.kind !== 'settings') return { settings: {} } as unknown as LoadedSettings;
  interpretation.loaded.configProcess?.close();
  return interpretation.loaded;
}
