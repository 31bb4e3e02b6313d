import { eventually, rawClient, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const GET = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nReferer: from\r\nConnection: close\r\n\r\n`;
const ACCESS = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(m)s %(U)s %(s)s %(B)s %(f)s'];

/** Each does at a path what it is named for, and answers the others with `ok`. */
const APPLICATIONS = {
  node: `
  export default (request, response) => {
    if (request.url === '/exit') process.exit(3);
    if (request.url === '/wait') { console.error('waiting'); return; }
    if (request.url === '/hang') for (;;);
    response.end('ok');
  };`,
  wsgi: `
  export default (environ, startResponse) => {
    const path = environ['PATH_INFO'];
    if (path === '/exit') process.exit(3);
    if (path === '/wait') { console.error('waiting'); return new Promise(() => {}); }
    if (path === '/hang') for (;;);
    startResponse('200 OK', []);
    return [Buffer.from('ok')];
  };`,
} as const;

for (const workerClass of ['sync', 'event']) {
  for (const kind of ['node', 'wsgi'] as const) {
    const name = `${kind} under ${workerClass}`;
    const args = ['-k', workerClass, '--application-kind', kind, ...ACCESS];

    test.serial(`a request that process.exit cuts is in the access log, ${name}`, async (t) => {
      const server = await startServer(t, { app: APPLICATIONS[kind], args });
      t.is(await rawClient(t, server.port).send(GET('/exit')).closes(), '');
      await server.waitFor('ACCESS GET /exit 500 0 from');
      await eventually(async () => (await request(server.url)).text === 'ok');
      t.is(server.matching(/\/exit/).filter((line) => line.startsWith('ACCESS')).length, 1);
    });

    for (const [signal, seconds] of [
      ['SIGTERM', '1'],
      ['SIGQUIT', '30'],
    ] as const) {
      test.serial(
        `a request that ${signal} cuts is in the access log, and not as 499, ${name}`,
        async (t) => {
          const app = APPLICATIONS[kind];
          const server = await startServer(t, { app, args: [...args, '--graceful-timeout', seconds] });
          const client = rawClient(t, server.port).send(GET('/wait'));
          await server.waitFor('waiting');
          server.signal(signal);
          t.is(await client.closes(), '');
          await server.ended();
          t.is(server.matching(/ACCESS GET \/wait 503 0 from/).length, 1);
          t.deepEqual(server.matching(/ 499 /), []);
        },
      );
    }

    // The sync worker learns of it when it writes, and an application that is waited for may still answer.
    const notices = workerClass === 'event' || kind === 'node' ? test.serial : undefined;
    notices?.(`a client that leaves is 499, ${name}`, async (t) => {
      const server = await startServer(t, { app: APPLICATIONS[kind], args });
      const client = rawClient(t, server.port).send(GET('/wait'));
      await server.waitFor('waiting');
      client.socket.resetAndDestroy();
      t.truthy(await server.waitFor('ACCESS GET /wait 499 0 from'));
    });
  }
}

for (const kind of ['node', 'wsgi'] as const) {
  test.serial(`a 504 that the watchdog gave for a hung worker is in the access log, ${kind}`, async (t) => {
    const args = [
      '-k',
      'sync',
      '--application-kind',
      kind,
      '--timeout',
      '2',
      '--log-level',
      'debug',
      ...ACCESS,
    ];
    const server = await startServer(t, { app: APPLICATIONS[kind], args });
    await server.waitFor('Watchdog thread started');
    t.regex(await rawClient(t, server.port).send(GET('/hang')).closes(), /^HTTP\/1\.1 504 /);
    await server.waitFor('ACCESS GET /hang 504 20 from');
    await eventually(async () => (await request(server.url)).text === 'ok');
    t.is(server.matching(/ACCESS GET \/hang/).length, 1);
  });
}

const LOGGING = `
[loggers]
keys = root, access
[handlers]
keys = out
[formatters]
keys =
[logger_root]
handlers =
[logger_access]
qualname = gunicorn.access
handlers = out
propagate = 0
[handler_out]
class = StreamHandler
args = (sys.stdout,)
`;

for (const [log, flags] of [
  ["the server's own", ACCESS],
  ["that of a file for Python's logging", ['--log-config', 'logging.ini', ...ACCESS.slice(2)]],
] as const) {
  test.serial(
    `requests that a worker has which hangs and is killed are in the access log, under event: ${log}`,
    async (t) => {
      const args = ['-k', 'event', '--timeout', '2', '--log-level', 'debug', ...flags];
      const files = { 'logging.ini': LOGGING };
      const server = await startServer(t, { app: APPLICATIONS.node, files, args });
      await server.waitFor('Watchdog thread started');
      const waiting = rawClient(t, server.port).send(GET('/wait'));
      await server.waitFor('waiting');
      const hanging = rawClient(t, server.port).send(GET('/hang'));
      t.deepEqual(await Promise.all([waiting.closes(), hanging.closes()]), ['', '']);
      await eventually(async () => (await request(server.url)).text === 'ok');
      t.deepEqual(server.matching(/^ACCESS GET \/(?:wait|hang)/).toSorted(), [
        'ACCESS GET /hang 504 0 from',
        'ACCESS GET /wait 504 0 from',
      ]);
    },
  );
}
