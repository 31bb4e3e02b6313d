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
