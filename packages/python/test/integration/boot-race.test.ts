import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  eventually,
  isRunning,
  processesGone,
  request,
  type Server,
  startServer,
} from '@gunicorn-ts/test-kit';
import { pythonTest } from './serve.ts';

/** Is being imported until there is a file. */
const GATED = `import os, time

print("imported by", os.getpid(), flush=True)
while not os.path.exists("go-on"):
    time.sleep(0.01)

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"ok"})
`;

const CLASSES = [
  ['sync', 'gated:application'],
  ['asgi', 'gated:app'],
] as const;

function importers(server: Server): number[] {
  return server.matching(/imported by/).map((line) => Number(line.split(' ').at(-1)));
}

function open(server: Server): void {
  writeFileSync(join(server.folder.path, 'go-on'), '');
}

for (const [workerClass, target] of CLASSES) {
  const start = (t: Parameters<typeof startServer>[0]): Promise<Server> =>
    startServer(t, {
      files: { 'gated.py': GATED },
      args: ['-k', workerClass, '--graceful-timeout', '20', target],
      until: 'listening',
    });

  pythonTest(
    `${workerClass}: TERM while a Python process boots ends all, and does not wait for it to boot`,
    async (t) => {
      const server = await start(t);
      await server.waitFor(/imported by/);
      const begun = performance.now();
      server.signal('SIGTERM');
      t.is((await server.exit).code, 0);
      t.true(performance.now() - begun < 10_000);
      await processesGone(importers(server), 10_000);
      t.notRegex(server.log(), /Traceback|failed to boot/);
    },
  );

  pythonTest(
    `${workerClass}: HUP while a Python process boots leaves one of the new load, and no other`,
    async (t) => {
      const server = await start(t);
      await server.waitFor(/imported by/);
      server.signal('SIGHUP');
      await server.waitFor(/The reload begins when the first worker is ready/);
      open(server);
      await server.waitFor(/imported by/, { times: 2 });
      t.is((await request(server.url)).text, 'ok');
      await eventually(() => importers(server).filter((pid) => isRunning(pid)).length === 1);
      t.is((await request(server.url)).text, 'ok');
      t.notRegex(server.log(), /Traceback|failed to boot/);
    },
  );
}
