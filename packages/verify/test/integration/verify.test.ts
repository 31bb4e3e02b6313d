import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND, Folder, makeCertificate, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { argumentsOfCopy } from '../../src/copy/arguments-of-copy.ts';

const PLANTED = join(import.meta.dirname, 'planted');

interface Report {
  readonly result: 'holds' | 'broken';
  readonly requests: number;
  readonly clients: Readonly<Record<string, number>>;
  readonly properties: readonly {
    readonly property: string;
    readonly holds: boolean;
    readonly detail: string;
  }[];
}

async function verify(
  ...words: readonly string[]
): Promise<{ code: number; output: string; report: Report }> {
  const child = spawn(
    process.execPath,
    [COMMAND, 'verify', '--seed', '7', '--times', '1', '--rate', '60', ...words],
    {
      cwd: PLANTED,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number];
  const report = output.startsWith('{') ? (JSON.parse(output) as Report) : undefined;
  return { code, output: output + errors, report: report! };
}

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs the command to its end. */
async function gunicorn(cwd: string, ...words: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [COMMAND, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

function emptyFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const broken = ({ properties }: Report): readonly string[] =>
  properties.filter(({ holds }) => !holds).map(({ property }) => property);

test('a good application passes through every event without a loss', async (t) => {
  t.timeout(180_000);
  const folder = emptyFolder(t);
  const [page, junit] = [join(folder, 'verify.html'), join(folder, 'verify.xml')];
  const { code, output, report } = await verify(
    '--for',
    '1',
    '--json',
    '--report',
    page,
    '--junit',
    junit,
    '--workers',
    '2',
    '--worker-class',
    'event',
    '--timeout',
    '6',
    '--upload',
    '/',
    'good.ts',
  );
  t.is(code, 0, output);
  t.is(report.result, 'holds');
  t.is(report.properties.length, 17);
  t.true(report.requests > 60);
  t.regex(readFileSync(page, 'utf8'), /<circle class="dot"/);
  t.regex(readFileSync(junit, 'utf8'), /<testsuite .*tests="17" failures="0"/);
});

test('a worker class that cuts what it has in hand when it leaves is found at a reload', async (t) => {
  t.timeout(120_000);
  const { code, output, report } = await verify(
    '--for',
    '1',
    '--json',
    '--only',
    'reload',
    '--times',
    '2',
    '--rate',
    '200',
    '--workers',
    '2',
    '--worker-class',
    './dropping-worker.ts',
    'good.ts',
  );
  t.is(code, 1, output);
  t.deepEqual(
    broken(report).filter((property) => property.startsWith('reload')),
    ['reload ×2'],
  );
});

test('an application that does not end at TERM is found at the stop', async (t) => {
  t.timeout(120_000);
  const { code, output, report } = await verify(
    '--for',
    '1',
    '--json',
    '--only',
    'stop',
    '--graceful-timeout',
    '2',
    '--worker-class',
    'event',
    'ignores-term.ts',
  );
  t.is(code, 1, output);
  t.true(broken(report).includes('stop ×1'));
});

test('an application that leaves files open is found', async (t) => {
  t.timeout(120_000);
  const { code, output, report } = await verify(
    '--for',
    '4',
    '--json',
    '--only',
    'stop',
    '--worker-class',
    'event',
    'leaks-files.ts',
  );
  t.is(code, 1, output);
  t.true(broken(report).includes('open files'));
});

test('a server that does not start is no verdict: its log and its exit code are told', async (t) => {
  const { code, output } = await verify('missing.ts');
  t.is(code, 4, output);
  t.regex(output, /ERR_VERIFY_START/);
});

test('a copy that would write into the log files of the running server is not started', async (t) => {
  const { code, output } = await verify('--log-config', 'logging.ini', 'good.ts');
  t.is(code, 1, output);
  t.regex(output, /ERR_VERIFY_LOG_CONFIG/);
  t.regex(output, /logConfig \(flag --log-config\) configures Python's logging/);
});

test('nothing that a file names as a place for logs, metrics or a pid is used by a copy', async (t) => {
  const folder = emptyFolder(t);
  cpSync(join(PLANTED, 'good.ts'), join(folder, 'good.ts'));
  writeFileSync(
    join(folder, 'gunicorn.conf.mjs'),
    `export default {
      app: './good.ts', statsdHost: '127.0.0.1:8125', adminBind: '127.0.0.1:9000', pidfile: 'run.pid',
      controlSocket: 'run.control', accesslog: 'run.log', errorlog: 'run.log', accessLogSample: 0.1,
      accessLogExclude: ['/'], logFormat: 'json', syslog: true, syslogAddr: 'udp://127.0.0.1:514',
    };`,
  );
  const elsewhere = emptyFolder(t);
  // Node.js reads such a file for itself, wherever the flag stands.
  writeFileSync(join(elsewhere, 'env'), '');
  const place = { folder: elsewhere, port: 0, syslogPort: 5140 };
  const { code, output } = await gunicorn(folder, '--print-config', ...argumentsOfCopy([], place));
  t.is(code, 0, output);
  t.notRegex(output, /8125|9000|run\.|:514'|json/);
  t.true(output.includes(`'${join(elsewhere, 'pid')}'`), output);
  t.regex(output, /^accessLogSample += 1 /m);
  t.notRegex(output, /^accessLogExclude .*"path"/m);
});

test('WebSockets and HTTP/2 by TLS, of clients with certificates, are told when their worker leaves, and a server that ends without its arbiter starts again', async (t) => {
  t.timeout(120_000);
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { certfile, keyfile } = makeCertificate(folder);
  const asked = ['--cert-reqs=2', '--ca-certs', certfile, '--http-protocols=h2,h1', '--worker-class=event'];
  const tls = ['--certfile', certfile, '--keyfile', keyfile, ...asked];
  const refused = await verify(...tls, 'good.ts');
  t.is(refused.code, 2, refused.output);
  t.regex(
    refused.output,
    /certReqs: 2 \(flag --cert-reqs\) .*--client-cert FILE.*\[ERR_VERIFY_CERTIFICATE\]/,
  );
  const { code, output, report } = await verify(
    '--for=1',
    '--json',
    '--only=reload,kill-arbiter',
    '--websocket=/echo',
    `--client-cert=${certfile}`,
    `--client-key=${keyfile}`,
    ...tls,
    '--workers=2',
    '--chdir',
    join(import.meta.dirname, '../../../../examples/websocket'),
    'app.ts',
  );
  t.is(code, 0, output);
  const told = report.properties.find(({ property }) => property === 'WebSockets are told');
  t.regex(told?.detail ?? '', /^0 dropped without a word; closed by .*\d+ × 1012/);
  t.true((report.clients['http2'] ?? 0) > 5, output);
});

test('a server that runs already is reloaded and scaled when its owner says so, and is left as it was', async (t) => {
  t.timeout(120_000);
  const folder = emptyFolder(t);
  const socket = join(folder, 'control');
  const server = await startServer(t, {
    cwd: PLANTED,
    args: ['--workers=2', `--control-socket=${socket}`, 'good.ts'],
  });
  const attached = ['verify', '--attach', socket, '--times=1', '--for=1', '--rate=40', '--json'];
  const refused = await gunicorn(folder, ...attached);
  t.is(refused.code, 2);
  t.regex(refused.output, /ERR_VERIFY_NOT_YOURS/);
  const { code, output } = await gunicorn(folder, ...attached, '--i-own-this');
  t.is(code, 0, output);
  t.regex(output, /"scale ×1"/);
  t.regex(output, /"reload ×1"/);
  const { output: status } = await gunicorn(folder, 'status', '--json', '--control-socket', socket);
  const { pid, target } = JSON.parse(status) as { pid: number; target: number };
  t.deepEqual({ pid, target }, { pid: server.pid, target: 2 });
});
