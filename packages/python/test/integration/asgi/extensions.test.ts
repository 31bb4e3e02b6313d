import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawClient, request } from '@gunicorn-ts/test-kit';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

const MANY_BYTES = 3_000_000;

pythonTest(
  'a file that the application names is sent whole, with its length, also when it is removed at once',
  async (t) => {
    const server = await serveAsgi(t);
    const large = Buffer.alloc(MANY_BYTES, 'large file ');
    writeFileSync(join(server.folder.path, 'large.txt'), large);
    writeFileSync(join(server.folder.path, 'gone.txt'), 'soon gone');
    writeFileSync(join(server.folder.path, 'late.txt'), 'head first');
    const whole = await request(`${server.url}/file?large.txt`);
    t.is(whole.headers['content-length'], String(MANY_BYTES));
    t.true(whole.text === large.toString());
    t.is((await request(`${server.url}/file?gone.txt`)).text, 'soon gone');
    t.is((await request(`${server.url}/file?late.txt`)).text, 'head first');
    const client = rawClient(t, portOf(server)).send(get('/file?large.txt').replace('GET', 'HEAD'));
    t.regex(await client.receives('\r\n\r\n'), new RegExp(`Content-Length: ${MANY_BYTES}\r\n`));
    await client.send(get('/early')).receives('early');
  },
);

pythonTest(
  'a file that is not there is told to the application, and one that is too short cut',
  async (t) => {
    const server = await serveAsgi(t);
    writeFileSync(join(server.folder.path, 'short.txt'), '12');
    t.is((await request(`${server.url}/file?nowhere.txt`)).text, 'there is none');
    t.is((await request(`${server.url}/file?.`)).text, 'there is none');
    const [number, missing, , folder] = JSON.parse((await request(`${server.url}/errors`)).text) as string[];
    t.regex(number!, /^TypeError: the path of 'http.response.pathsend' must be a text/);
    t.regex(missing!, /^OSError: .*nowhere.txt cannot be sent: ENOENT/);
    t.regex(folder!, /^OSError: .* cannot be sent: it is no file/);
    const short = rawClient(t, portOf(server)).send(get('/file?short.txt&5'));
    t.regex(await short.closes(), /content-length: 5\r\n\r\n12$/);
    await server.waitFor(/The response is 3 bytes shorter than its Content-Length/);
  },
);

pythonTest('trailers reach the client that asks for them, and no other', async (t) => {
  const server = await serveAsgi(t);
  const asking = rawClient(t, portOf(server)).send(get('/trailed', 'TE: trailers', 'Connection: TE'));
  t.regex(await asking.receives('x-end: 1\r\n\r\n'), /\r\n4\r\nbody\r\n0\r\nx-sum: 4\r\nx-end: 1\r\n\r\n$/);
  const other = rawClient(t, portOf(server)).send(get('/trailed'));
  t.notRegex(await other.receives('0\r\n\r\n'), /x-sum: 4/);
  const errors = JSON.parse((await request(`${server.url}/errors`)).text) as string[];
  t.deepEqual(
    errors.map((one) => one.split(':')[0]),
    ['RuntimeError', 'ValueError', 'RuntimeError', 'ValueError'],
  );
  await asking.send(get('/early')).receives('early');
});

const HOOKS = `def pre_request(worker, req):
    if req.path == "/refused":
        raise ValueError("not this one")
    worker.log.info("before %s %s of %s, the %s.", req.method, req.uri, dict(req.headers).get("X-FROM"), worker.nr)

def post_request(worker, req, environ, resp):
    told = resp and (resp.status_code, dict(resp.headers), resp.sent)
    worker.log.info("after %s%s: %s", environ["PATH_INFO"], environ.get("HTTP_X_FROM"), told)
    if req.path == "/early":
        raise ValueError("no good hook")
`;

pythonTest('the hooks of a request are called around it, and not around WebSockets', async (t) => {
  const server = await serveAsgi(t, [], { files: { 'gunicorn.conf.py': HOOKS } });
  const ask = (path: string): Promise<unknown> =>
    request(`${server.url}${path}`, { headers: { 'x-from': 'me' } });
  t.like(await ask('/sized?a=1'), { status: 200, text: '12345' });
  await server.waitFor(/before GET \/sized\?a=1 of me, the \d\./);
  await server.waitFor(
    /after \/sizedme: \(200, \{'content-length': '5', 'transfer-encoding': 'chunked'\}, 5\)/,
  );
  t.like(await ask('/early'), { status: 200, text: 'early' });
  await server.waitFor(/ValueError: no good hook/);
  t.like(await ask('/refused'), { status: 500 });
  await server.waitFor(/ValueError: not this one/);
  t.like(await ask('/fails'), { status: 500 });
  await server.waitFor(/after \/failsme: \(200, \{\}, 0\)/);
});

const LOGS = `import logging
from api import answer

class NotHealth(logging.Filter):
    def filter(self, record):
        return record.args[2] != "/health"

logging.getLogger("uvicorn.access").addFilter(NotHealth())

async def app(scope, receive, send):
    logging.getLogger("uvicorn.error").info("a word of %s", scope["path"])
    await answer(send, "ok")
`;

pythonTest(
  "what an application writes to uvicorn's loggers arrives, and its filter of the access log counts",
  async (t) => {
    const server = await serveAsgi(t, ['--access-logfile', '-', '--asgi-lifespan', 'off'], {
      files: { 'site_logs.py': LOGS },
      target: 'site_logs:app',
    });
    await request(`${server.url}/health`);
    await request(`${server.url}/seen?a=1`);
    await server.waitFor(/\[INFO\] a word of \/health/);
    await server.waitFor(/^127\.0\.0\.1 - "GET \/seen\?a=1 HTTP\/1\.1" 200$/);
    t.notRegex(server.log(), /GET \/health/);
  },
);
