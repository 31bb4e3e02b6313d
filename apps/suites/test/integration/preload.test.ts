import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { SERVERS } from '../../src/server-under-test.ts';

const run = promisify(execFile);

/** Makes servers in all the ways that suites do, and says what a request to each got. */
const SUITE = `
const http = require('node:http');
const answer = (request, response) => response.end('hello');
class Mine extends http.Server {}
const servers = [http.createServer(answer), new http.Server(answer), http.Server({}, answer), new Mine(answer)];
(async () => {
  const imported = await import('node:http');
  console.log(imported.createServer === http.createServer, servers.every((one) => one instanceof http.Server));
  for (const server of servers) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await fetch('http://127.0.0.1:' + server.address().port);
    await response.text();
    console.log(response.status, server.constructor.name);
    await new Promise((resolve) => server.close(resolve));
  }
})();
`;

for (const server of SERVERS.filter(({ name }) => name !== 'node')) {
  test(`${server.name}: however a suite makes a server, it gets one of the engine`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'preload-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const witness = join(folder, 'witness');
    const { stdout } = await run(process.execPath, ['--eval', SUITE], {
      env: { ...process.env, ...server.env(witness) },
    });
    t.deepEqual(stdout.trim().split('\n'), [
      'true true',
      '200 Server',
      '200 Server',
      '200 Server',
      '200 Mine',
    ]);
    t.is(readFileSync(witness, 'utf8'), '1\n'.repeat(4));
  });
}
