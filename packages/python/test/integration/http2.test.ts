import { connect } from 'node:http2';
import { startServer } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { ask } from '../../../http-server/test/http2-client.ts';
import { pythonTest } from './serve.ts';

const WSGI = `
def app(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("X-Protocol", environ["SERVER_PROTOCOL"]), ("X-Host", environ["HTTP_HOST"])])
    return [str(len(body)).encode(), b" ", environ["PATH_INFO"].encode()]
`;

const ASGI = `
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        event = await receive()
        size += len(event["body"])
        more = event["more_body"]
    headers = [(b"x-protocol", b"HTTP/" + scope["http_version"].encode()), (b"x-host", dict(scope["headers"])[b"host"])]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(size).encode() + b" ", "more_body": True})
    await send({"type": "http.response.body", "body": scope["raw_path"]})
`;

const CONFIG = `
http_protocols = "h2,h1"
http2_cleartext = True
http2_max_concurrent_streams = 50
bind = "127.0.0.1:0"
`;

async function serving(t: ExecutionContext, worker: string, source: string): Promise<void> {
  const server = await startServer(t, {
    files: { 'site_app.py': source, 'gunicorn.conf.py': CONFIG },
    bind: [],
    args: ['-k', worker, 'site_app:app'],
  });
  const session = connect(server.url);
  t.teardown(() => session.destroy());
  const big = Buffer.alloc(2_000_000);
  const asked = Array.from({ length: 20 }, (_, index) =>
    index % 5 === 0
      ? ask(session, { ':path': `/${index}`, ':method': 'POST' }, big)
      : ask(session, { ':path': `/${index}` }),
  );
  const { host } = new URL(server.url);
  const protocol = worker === 'asgi' ? 'HTTP/2' : 'HTTP/2.0';
  for (const [index, { status, body, headers }] of (await Promise.all(asked)).entries()) {
    t.is(status, 200);
    t.is(body, `${index % 5 === 0 ? big.length : 0} /${index}`);
    t.deepEqual([headers['x-protocol'], headers['x-host']], [protocol, host]);
  }
}

for (const [worker, source] of [
  ['gthread', WSGI],
  ['asgi', ASGI],
] as const) {
  pythonTest(`${worker}: requests of one HTTP/2 connection reach Python and come back`, (t) =>
    serving(t, worker, source),
  );
}
