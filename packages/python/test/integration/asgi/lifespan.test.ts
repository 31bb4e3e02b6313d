import { rawClient, request } from '@gunicorn-ts/test-kit';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const answer = `
async def answer(scope, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": repr(scope["state"]).encode()})
`;
const UNAWARE = `${answer}
async def app(scope, receive, send):
    if scope["type"] != "http":
        raise ValueError("can only handle ASGI/HTTP connections, not %s" % scope["type"])
    await answer(scope, send)
`;
const FAILS = `
async def app(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "the database is away"})
    raise RuntimeError("the database is away")
`;
const KNOWN = `${answer}
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        print("lifespan was called", flush=True)
        await receive()
        scope["state"]["pool"] = 7
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "the pool would not close"})
    else:
        await answer(scope, send)
`;

pythonTest('an application that knows no lifespan is served without, and without a traceback', async (t) => {
  const server = await serveAsgi(t, [], { files: { 'api.py': UNAWARE } });
  t.is((await request(server.url)).text, '{}');
  t.notRegex(server.log(), /Traceback|ValueError/);
});

pythonTest('a startup that failed ends the start with exit code 3 and its message once', async (t) => {
  for (const mode of ['auto', 'on']) {
    const args = ['--asgi-lifespan', mode];
    const server = await serveAsgi(t, args, { files: { 'api.py': FAILS }, until: 'spawned' });
    t.is((await server.exit).code, 3);
    t.is(server.log().split('the database is away').length, 2, server.log());
    t.is(server.log().split('Booting worker').length, 2);
  }
});

pythonTest('with asgiLifespan on, an application must know it', async (t) => {
  const args = ['--asgi-lifespan', 'on'];
  const server = await serveAsgi(t, args, { files: { 'api.py': UNAWARE }, until: 'spawned' });
  t.is((await server.exit).code, 3);
  t.regex(server.log(), /asgiLifespan is on[^]*can only handle ASGI/);
});

pythonTest('with asgiLifespan off it is not called, and the state is empty', async (t) => {
  const server = await serveAsgi(t, ['--asgi-lifespan', 'off'], { files: { 'api.py': KNOWN } });
  t.is((await request(server.url)).text, '{}');
  t.notRegex(server.log(), /lifespan was called/);
});

pythonTest('the state of the lifespan is in every scope, and a shutdown that failed is told', async (t) => {
  const server = await serveAsgi(t, [], { files: { 'api.py': KNOWN } });
  t.is((await request(server.url)).text, `{'pool': 7}`);
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /the pool would not close/);
});

pythonTest('a root path is put in front of paths that do not begin with it', async (t) => {
  for (const options of [{ args: ['--root-path', '/app/'] }, { env: { SCRIPT_NAME: '/app' } }]) {
    const { args = [], ...rest } = options as { args?: string[]; env?: Record<string, string> };
    const server = await serveAsgi(t, args, rest);
    for (const path of ['/one%2Ftwo', '/app/one%2Ftwo']) {
      const client = rawClient(t, portOf(server)).send(get(path));
      const text = await client.receives('"extensions"');
      t.regex(text, /"root_path": "\/app", "path": "\/app\/one\/two", "raw_path": "\/app\/one%2Ftwo"/);
    }
  }
});

pythonTest('the loop is the one that is asked for', async (t) => {
  const server = await serveAsgi(t, ['--asgi-loop', 'asyncio']);
  t.regex((await request(`${server.url}/loop`)).text, /^asyncio/);
});

pythonTest("a class that is derived from uvicorn's is read, and its CONFIG_KWARGS count", async (t) => {
  const worker = `from uvicorn.workers import UvicornWorker

class Mine(UvicornWorker):
    CONFIG_KWARGS = {"lifespan": "off", "root_path": "/app", "log_config": None}
`;
  const files = { 'api.py': KNOWN, 'tools/__init__.py': '', 'tools/workers.py': worker };
  const server = await serveAsgi(t, ['-k', 'tools.workers.Mine'], { files });
  await server.waitFor(
    /tools\.workers\.Mine is derived from uvicorn\.workers\.UvicornWorker.*asgiLifespan, rootPath; of no effect there: log_config/,
  );
  t.is((await request(server.url)).text, '{}');
  t.notRegex(server.log(), /lifespan was called/);
});
