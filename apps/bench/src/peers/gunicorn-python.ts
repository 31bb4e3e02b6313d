import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../peer.ts';
import { SilentServer } from '../silent-server.ts';
import { ONE_CORE } from './node-cluster.ts';

const venv = fileURLToPath(new URL('../../../../.cache/bench/gunicorn', import.meta.url));
const application = fileURLToPath(new URL('../applications/wsgi.py', import.meta.url));

/** Gunicorn itself, from PyPI, in an environment of its own that the first use makes. */
export const gunicornPython: Peer = {
  name: 'Gunicorn sync',
  start({ port = 0, workers }) {
    const program = join(venv, 'bin', 'gunicorn');
    if (!existsSync(program)) install();
    const flags = [`--workers=${workers}`, `--bind=127.0.0.1:${port}`, `--chdir=${dirname(application)}`];
    return new SilentServer([...ONE_CORE, program, ...flags, 'wsgi:application'], port);
  },
};

function install(): void {
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
  execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', 'gunicorn'], { stdio: 'pipe' });
}
