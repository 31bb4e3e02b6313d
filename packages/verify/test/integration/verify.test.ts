import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND } from '@gunicorn-ts/test-kit';
import test from 'ava';

const PLANTED = join(import.meta.dirname, 'planted');

interface Report {
  readonly result: 'holds' | 'broken';
  readonly requests: number;
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

const broken = ({ properties }: Report): readonly string[] =>
  properties.filter(({ holds }) => !holds).map(({ property }) => property);

test('a good application passes through every event without a loss', async (t) => {
  t.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'verify-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
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
    'good.ts',
  );
  t.is(code, 0, output);
  t.is(report.result, 'holds');
  t.is(report.properties.length, 13);
  t.true(report.requests > 60);
  t.regex(readFileSync(page, 'utf8'), /<circle class="dot"/);
  t.regex(readFileSync(junit, 'utf8'), /<testsuite .*tests="13" failures="0"/);
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
