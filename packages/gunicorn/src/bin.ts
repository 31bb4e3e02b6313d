import { isVerb } from '@gunicorn-ts/interface';
import { keepCompiled } from './compiled-folder.ts';
import type { Io } from './io.ts';

type Main = (argv: readonly string[], io: Io) => Promise<number>;

// Until the arbiter has handlers of its own these would end the process, stop it, or open Node's inspector. There is
// nothing to reload or to scale yet; TERM, INT and QUIT keep their meaning.
for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH'] as const) {
  process.on(signal, () => {});
}

/** What speaks to a running server loads nothing of a server; a probe, which is asked every few seconds, nearly nothing. */
async function program(word: string | undefined): Promise<{ main: Main }> {
  if (word === 'health') return import('./health/health.ts');
  if (word === 'verify') return import('./verify.ts');
  if (word === 'export') return import('./export.ts');
  if (word === 'init') return import('./init.ts');
  if (isVerb(word)) return import('./verb.ts');
  return import('./start.ts');
}

// Before anything else is loaded.
const compiledFolder = keepCompiled(process.env);
const [verb] = process.argv.slice(2);
const { main } = await program(verb);
// The streams are made when they are first used, which is after `main` has seen to it that they may fail.
const io = {
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  env: process.env,
  compiledFolder,
};
process.exit(await main(process.argv.slice(2), io));
