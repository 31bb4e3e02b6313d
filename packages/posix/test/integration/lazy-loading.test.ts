import { execFileSync } from 'node:child_process';
import test from 'ava';

const PROGRAM = `
  const posix = await import(process.argv[1]);
  const isLoaded = () => process.report.getReport().sharedObjects.some((path) => path.includes('koffi'));
  const before = isLoaded();
  posix.openTcpListener({ host: '127.0.0.1', port: 0, backlog: 1 });
  console.log(before, isLoaded());
`;

test('importing the package does not load the native library; the first call does', (t) => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, index], {
    encoding: 'utf8',
  });
  t.is(output, 'false true\n');
});
