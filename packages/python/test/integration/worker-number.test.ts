import { startServer } from '@gunicorn-ts/test-kit';
import { APPLICATION, pythonTest } from './serve.ts';

const CONFIG = `import os


def post_fork(server, worker):
    print("number", worker.slot, os.environ["GUNICORN_WORKER"], flush=True)
`;

for (const args of [[], ['--preload']]) {
  pythonTest(`a Python application finds the number of its worker ${args.join(' ')}`, async (t) => {
    const server = await startServer(t, {
      files: { 'shop.py': APPLICATION, 'gunicorn.conf.py': CONFIG },
      args: [...args, '--workers', '2', 'shop'],
    });
    await server.waitFor(/^number/, { times: 2, from: 0 });
    t.deepEqual(server.matching(/^number/).toSorted(), ['number 1 1', 'number 2 2']);
  });
}
