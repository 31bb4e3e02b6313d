import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawClient, request } from '@gunicorn-ts/test-kit';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

pythonTest(
  'a loop that is blocked is found, shown and replaced, and those who wait are answered',
  async (t) => {
    const server = await serveAsgi(t, ['--timeout', '2']);
    const waiting = rawClient(t, portOf(server)).send(get('/forever'));
    const pid = (await request(`${server.url}/pid`)).text;
    const blocking = rawClient(t, portOf(server)).send(get('/block'));
    t.regex(await blocking.closes(), /^HTTP\/1\.1 504 /);
    t.regex(await waiting.closes(), /^HTTP\/1\.1 504 /);
    const shown = [
      /has not turned for 2\.\d s \(timeout\)/,
      /^ +GET \/forever \(/,
      /line \d+ in forever/,
      /line \d+ in block/,
    ];
    for (const line of shown) await server.waitFor(line);
    await server.waitFor(/Booting worker/, { times: 2 });
    t.not((await request(`${server.url}/pid`)).text, pid);
  },
);

pythonTest('a slow request does not count as a blocked loop', async (t) => {
  const server = await serveAsgi(t, ['--timeout', '1', '--request-timeout', '3']);
  const { status, ms } = await request(`${server.url}/forever`);
  t.is(status, 504);
  t.true(ms >= 3000);
  t.notRegex(server.log(), /has not turned/);
});

pythonTest('the death of the process is answered 502, and the worker replaced', async (t) => {
  const server = await serveAsgi(t);
  const waiting = rawClient(t, portOf(server)).send(get('/forever'));
  await request(server.url);
  t.is((await request(`${server.url}/die`)).status, 502);
  t.regex(await waiting.closes(), /^HTTP\/1\.1 502 /);
  await server.waitFor(/was killed by SIGKILL/);
  t.is((await request(`${server.url}/early`)).text, 'early');
});

pythonTest('a stream that waits for its client is told in time that the worker leaves', async (t) => {
  const server = await serveAsgi(t, ['--graceful-timeout', '3']);
  const client = rawClient(t, portOf(server)).send(get('/events'));
  await client.receives('begun');
  server.signal('SIGTERM');
  t.regex(await client.closes(), /good-bye\n\n\r\n0\r\n\r\n$/);
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /lifespan is over/);
});

pythonTest(
  'what never ends is cancelled before the worker leaves, and the lifespan still ends',
  async (t) => {
    const server = await serveAsgi(t, ['--graceful-timeout', '3']);
    const client = rawClient(t, portOf(server)).send(get('/endless'));
    await client.receives('xxxx');
    server.signal('SIGTERM');
    t.is((await server.exit).code, 0);
    t.regex(server.log(), /the endless stream has ended[^]*lifespan is over/);
  },
);

pythonTest('work behind a response that never ends leaves time for the end of the lifespan', async (t) => {
  const server = await serveAsgi(t, ['--graceful-timeout', '2']);
  t.is((await request(`${server.url}/works_for_ever`)).text, 'answered');
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /cancelled behind[^]*lifespan is over/);
  t.regex(server.log(), /1 call of the application cut off/);
  t.notRegex(server.log(), /did not close in time/);
});

// The collection that a process begins to serve with takes a while, as that of a large application does.
const STARTS_LATE = `import asyncio, gc, os, time

gc.callbacks.append(lambda *_: time.sleep(0.1))

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        print("lifespan starts", flush=True)
        while not os.path.exists("go-on"):
            await asyncio.sleep(0.01)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("lifespan is over", flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"ok"})
`;

pythonTest('a lifespan that started while its worker left comes to its end', async (t) => {
  const server = await serveAsgi(t, [], { files: { 'api.py': STARTS_LATE }, until: 'listening' });
  await server.waitFor(/lifespan starts/);
  const [, pid] = /Booting worker with pid: (\d+)/.exec(server.log()) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  writeFileSync(join(server.folder.path, 'go-on'), '');
  await server.waitFor(/lifespan is over/);
  t.is((await request(server.url)).text, 'ok');
});

for (const loop of ['asyncio', 'auto']) {
  pythonTest(`SIGQUIT waits for nobody, and the lifespan ends all the same (${loop})`, async (t) => {
    const server = await serveAsgi(t, ['--asgi-loop', loop]);
    const client = rawClient(t, portOf(server)).send(get('/forever'));
    await request(server.url);
    server.signal('SIGQUIT');
    await client.closes();
    t.is((await server.exit).code, 0);
    t.regex(server.log(), /lifespan is over/);
  });
}
