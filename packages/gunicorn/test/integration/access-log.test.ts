import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const ID = 'X-Request-ID';
const NODE = `export default (req, res) => {
  if (req.url === '/boom') throw new Error('boom');
  res.end(req.headers['x-request-id']);
};`;
const FETCH = `export default {
  fetch(request) {
    if (request.url.endsWith('/boom')) throw new Error('boom');
    return new Response(request.headers.get('x-request-id'));
  },
};`;
const WSGI = `
def application(environ, start_response):
    if environ['PATH_INFO'] == '/boom':
        raise RuntimeError('boom')
    body = environ['HTTP_X_REQUEST_ID'].encode()
    start_response('200 OK', [('Content-Length', str(len(body)))])
    return [body]
`;
/** Has each record told by the process that serves the request. */
const LOGGER = `
from gunicorn.glogging import Logger

class Own(Logger):
    def access(self, *args):
        super().access(*args)
`;
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

type Record = Readonly<{ [name: string]: unknown }>;

function records(server: Server): readonly Record[] {
  if (!server.folder.has('access.log')) return [];
  const text = readFileSync(server.folder.file('access.log'), 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Record);
}

/** Without those that ask whether the server is there. */
function ofTest(server: Server): readonly Record[] {
  return records(server).filter(({ path }) => path !== '/');
}

async function expectIdsAndExclusions(t: ExecutionContext, server: Server): Promise<void> {
  const ask = (path: string, headers = {}): ReturnType<typeof request> =>
    request(`${server.url}${path}`, { headers });
  const given = await ask('/given', { [ID]: 'of-proxy.7', traceparent: TRACE });
  t.is(given.body.toString(), 'of-proxy.7');
  t.is(given.headers['x-request-id'], 'of-proxy.7');
  const made = await ask('/made', { [ID]: 'not an id"' });
  const id = made.body.toString();
  t.regex(id, /^[\da-f-]{36}$/);
  t.is(made.headers['x-request-id'], id);
  await ask('/healthz');
  await ask('/any', { 'User-Agent': 'kube-probe/1.31' });
  const failed = await ask('/boom', { 'User-Agent': 'kube-probe/1.31' });
  t.is(failed.status, 500);
  await eventually(() => records(server).some(({ path }) => path === '/boom'));
  const written = ofTest(server);
  t.deepEqual(
    written.map(({ path, request_id: of }) => [path, of]),
    [
      ['/given', 'of-proxy.7'],
      ['/made', id],
      ['/boom', failed.headers['x-request-id']],
    ],
  );
  t.is(written[0]?.['trace_id'], '0af7651916cd43dd8448eb211c80319c');
  await server.waitFor(`Error handling request GET /boom [${String(failed.headers['x-request-id'])}]`);
}

const FLAGS = [
  '--access-logfile',
  'access.log',
  '--request-id-header',
  ID,
  '--access-log-exclude',
  '/healthz',
  '--access-log-exclude',
  'agent:kube-probe/*',
];
// The error log in text, and the access log as Python and the server both write it.
const JSON_ACCESS = `export default { logFormat: 'json' };`;

for (const [kind, app, workerClass] of [
  ['(req, res)', NODE, 'sync'],
  ['fetch', FETCH, 'event'],
] as const) {
  test(`${kind} on ${workerClass}: an id goes to the application, back to the client and into both logs`, async (t) => {
    const server = await startServer(t, { app, config: JSON_ACCESS, args: ['-k', workerClass, ...FLAGS] });
    await expectIdsAndExclusions(t, server);
  });
}

test('WSGI in Python, whose logger writes the records itself: the same', async (t) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    t.log('skipped: there is no python3');
    t.pass();
    return;
  }
  const server = await startServer(t, {
    files: { 'wsgi.py': WSGI, 'loggers.py': LOGGER },
    config: JSON_ACCESS,
    args: ['--logger-class', 'loggers.Own', ...FLAGS, 'wsgi:application'],
  });
  await expectIdsAndExclusions(t, server);
});

test('an id of a peer that is not trusted is not believed, and refused requests have a line', async (t) => {
  const server = await startServer(t, {
    app: NODE,
    args: ['-k', 'event', '--forwarded-allow-ips', '10.0.0.1', '--log-format', 'ecs', ...FLAGS],
  });
  const { body } = await request(server.url, { headers: { [ID]: 'forged' } });
  t.not(body.toString(), 'forged');
  await request(server.url, { headers: { 'X-Long': 'x'.repeat(9000) } }).catch(() => {});
  await eventually(() => records(server).some((record) => record['http.response.status_code'] === 431));
  const [entry = ''] = server.matching(/"log.level":"warning"/);
  t.like(JSON.parse(entry), { 'event.dataset': 'gunicorn.error', 'http.response.status_code': 431 });
});

test('a sample leaves out what went well and fast, and nothing else', async (t) => {
  const server = await startServer(t, {
    app: `export default (req, res) => setTimeout(() => {
      res.statusCode = req.url === '/no' ? 404 : 200;
      res.end();
    }, req.url === '/slow' ? 600 : 0);`,
    config: JSON_ACCESS,
    args: ['-k', 'event', '--access-log-sample', '0', '--access-log-slow', '0.5', ...FLAGS.slice(0, 2)],
  });
  for (const path of ['/ok', '/no', '/slow']) await request(`${server.url}${path}`);
  await eventually(() => records(server).some(({ path }) => path === '/slow'));
  t.deepEqual(
    ofTest(server).map(({ path, sample_rate: rate }) => [path, rate]),
    [
      ['/no', 0],
      ['/slow', 0],
    ],
  );
});
