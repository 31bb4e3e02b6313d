/**
 * `pnpm verify:examples [NAME…]`: puts every example through reloads, killed workers and arbiters, upgrades and a stop, under
 * load. Takes some minutes; the report of each is printed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND, makeCertificate, pythonEnvironment } from '@gunicorn-ts/test-kit';
import { type Example, EXAMPLES, examples, startWords } from './examples.ts';

const EVENTS = 'reload,broken-reload,scale,kill-worker,max-requests,kill-arbiter,upgrade,stop';
const LOAD = ['--seed=7', '--times=1', '--for=1', '--rate=40', `--only=${EVENTS}`];

const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'verify-examples-'));
const results: string[] = [];
try {
  for (const example of examples()) {
    if (wanted.length > 0 && !wanted.includes(example.name)) continue;
    const missing = await verify(example);
    results.push(`${missing === undefined ? 'ok     ' : missing.padEnd(7)} ${example.name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${results.join('\n')}\n`);

/** `undefined` when all holds. */
async function verify(example: Example): Promise<'FAILED' | 'skipped' | undefined> {
  const given = await givenTo(example);
  if (given === undefined) return 'skipped';
  const words = [COMMAND, 'verify', ...LOAD, ...example.flags, ...given.flags, ...startWords(example.name)];
  const child = spawn(process.execPath, words, {
    cwd: join(EXAMPLES, example.name),
    env: { ...process.env, ...given.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
  return code === 0 ? undefined : 'FAILED';
}

interface Given {
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

async function givenTo({ name, needs }: Example): Promise<Given | undefined> {
  if (needs === 'certificate') {
    const { certfile, keyfile } = makeCertificate({ file: (file) => join(folder, file) });
    return { flags: [`--certfile=${certfile}`, `--keyfile=${keyfile}`], env: {} };
  }
  if (needs === undefined) return { flags: [], env: {} };
  const environment = await pythonEnvironment(needs === 'asgi' ? 'python-asgi-requirements.txt' : undefined);
  if (environment.kind === 'missing') {
    process.stdout.write(`${name} is left out: ${environment.reason}\n`);
    return undefined;
  }
  const { python } = environment;
  const env = { MYSITE_DATA: folder, PYTHONDONTWRITEBYTECODE: '1' };
  if (name === 'django')
    execFileSync(python, ['manage.py', 'migrate', '--verbosity=0'], {
      cwd: join(EXAMPLES, name),
      env: { ...process.env, ...env },
    });
  return { flags: ['--python', python], env };
}
