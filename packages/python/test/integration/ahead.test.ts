import { eventually, isRunning, request, startServer } from '@gunicorn-ts/test-kit';
import { pythonTest } from './serve.ts';

/** Keeps the Node.js of a worker from beginning until the application has been imported. */
const GATE = `if (process.argv[1].endsWith('worker-host/dist/main.js')) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (!require('node:fs').existsSync('loaded')) Atomics.wait(cell, 0, 0, 10);
}
`;

const APP = `import os

open("loaded", "w").close()


def application(environ, start_response):
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
`;

pythonTest('the application is loaded while the Node.js of its worker begins', async (t) => {
  const server = await startServer(t, {
    files: { 'shop.py': APP, 'gate.cjs': GATE },
    env: { NODE_OPTIONS: '--require ./gate.cjs' },
    args: ['shop'],
  });
  const pid = Number((await request(server.url)).text);
  t.true(isRunning(pid));
  t.is((await server.stop()).code, 0);
  await eventually(() => !isRunning(pid));
});

/** Says which children this process has when it reads its settings. */
const CONFIG = `import { readFileSync } from 'node:fs';

console.error('CHILDREN ' + readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'));
export default {};
`;

pythonTest('Python is started before the settings are read, and is the one that is used', async (t) => {
  const server = await startServer(t, {
    files: { 'shop.py': APP, 'gunicorn.conf.ts': CONFIG },
    args: ['shop'],
  });
  const [, children = ''] = /CHILDREN (.*)/.exec(server.log()) ?? [];
  const [, master] = /master pid: (\d+)/.exec(server.log()) ?? [];
  t.deepEqual(children.trim().split(' '), [master]);
});

pythonTest(
  'Python that was started for nothing ends: its environment is another, or nobody asks for it',
  async (t) => {
    const files = {
      'shop.py': APP,
      'app.ts': 'export default () => new Response("ok");',
      'gunicorn.conf.ts': CONFIG,
    };
    for (const args of [
      ['--env', 'ANOTHER=1', 'shop'],
      ['--name', 'shop', 'app.ts'],
    ]) {
      const server = await startServer(t, { files, args });
      const [, started] = /CHILDREN (\d+)/.exec(server.log()) ?? [];
      t.truthy(started, server.log());
      await eventually(() => !isRunning(Number(started)));
      t.is((await request(server.url)).status, 200);
    }
  },
);
