/**
 * Runs h2spec, the conformance tests of HTTP/2, on Node's own server and on the event worker, without TLS and with it,
 * and prints what passed: `pnpm suites:h2spec`. It is Go's: `go install` brings it into a folder that goes again, unless
 * `H2SPEC` names one that is there.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, Server } from '@gunicorn-ts/conformance';

const MODULE = 'github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible';
/** How long it waits for each answer, in seconds. */
const PATIENCE = '3';

const folder = mkdtempSync(join(tmpdir(), 'h2spec-'));
const certificate = makeCertificate({ file: (name) => join(folder, name) });

interface Subject {
  readonly name: string;
  readonly port: number;
  readonly tls: boolean;
  stop(): Promise<void>;
}

function h2spec(): string {
  const given = process.env['H2SPEC'];
  if (given !== undefined) return given;
  // What Go brings is not to be written for its owner alone: it has to go again.
  const env = { ...process.env, GOPATH: folder, GOFLAGS: '-modcacherw' };
  execFileSync('go', ['install', MODULE], { env, stdio: 'inherit' });
  return join(folder, 'bin', 'h2spec');
}

async function nodeServer(tls: boolean): Promise<Subject> {
  const files = tls ? [certificate.keyfile, certificate.certfile] : [];
  const script = join(import.meta.dirname, 'node-server.ts');
  const child: ChildProcess = spawn(process.execPath, [script, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  const stop = async (): Promise<void> => {
    child.kill();
    await once(child, 'exit');
  };
  return { name: 'node:http2', port: Number(said.toString()), tls, stop };
}

async function eventWorker(tls: boolean): Promise<Subject> {
  const { keyfile, certfile } = certificate;
  const carried = tls
    ? ['--keyfile', keyfile, '--certfile', certfile]
    : ['--http2-cleartext', 'prior-knowledge'];
  const args = [
    '-k',
    'event',
    '--http-protocols',
    'h2,h1',
    ...carried,
    join(import.meta.dirname, 'application.ts'),
  ];
  const server = new Server({ args });
  await server.started('listening');
  return { name: 'event worker', port: server.port, tls, stop: () => server.remove() };
}

/** The last line says how many passed; the failed ones stand before. */
function report(program: string, { name, port, tls }: Subject): void {
  const flags = ['-h', '127.0.0.1', '-p', String(port), '-o', PATIENCE, ...(tls ? ['-t', '-k'] : [])];
  const { stdout } = spawnSync(program, flags, { encoding: 'utf8' });
  const failures = stdout.slice(Math.max(0, stdout.lastIndexOf('Failures:')));
  const failed = failures.split('\n').filter((line) => line.includes('×'));
  console.log(`${name}, ${tls ? 'TLS' : 'without TLS'}: ${stdout.trimEnd().split('\n').at(-1)}`);
  for (const line of failed) console.log(`  ${line.trim()}`);
}

try {
  const program = h2spec();
  for (const tls of [false, true]) {
    for (const start of [nodeServer, eventWorker]) {
      const subject = await start(tls);
      try {
        report(program, subject);
      } finally {
        await subject.stop();
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
