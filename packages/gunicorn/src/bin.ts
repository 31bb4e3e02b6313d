import { isVerb } from '@gunicorn-ts/interface';

// Until the arbiter has handlers of its own these would end the process, stop it, or open Node's inspector. There is
// nothing to reload or to scale yet; TERM, INT and QUIT keep their meaning.
for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH'] as const) {
  process.on(signal, () => {});
}

const [verb] = process.argv.slice(2);
// What speaks to a running server loads nothing of a server.
const { main } = isVerb(verb) ? await import('./verb.ts') : await import('./main.ts');
// The streams are made when they are first used, which is after `main` has seen to it that they may fail.
const io = {
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  env: process.env,
};
process.exit(await main(process.argv.slice(2), io));
