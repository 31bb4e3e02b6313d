import { once } from 'node:events';
import net from 'node:net';
import { processesGone, request, type Server, startLoad, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const CLASSES = ['sync', 'event'] as const;
const ALSO = 'The application also listens';

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

/** A script without an export, whose servers listen in the order of `listens`; `what` is one of them. */
function script(...listens: readonly (readonly [what: string, argument: number | string])[]): string {
  const lines = listens.map(([what, argument]) => {
    const words = JSON.stringify(what);
    return `await new Promise((resolve) => http.createServer((request, response) => {
      response.end(${words} + ' ' + process.pid);
    }).listen(${typeof argument === 'number' ? argument : JSON.stringify(argument)}, resolve));`;
  });
  return `import http from 'node:http';\n${lines.join('\n')}\n`;
}

interface Two {
  readonly server: Server;
  readonly metrics: string;
}

/** Two workers of an application that listens for its metrics first. */
async function withMetrics(
  t: ExecutionContext,
  workerClass: string,
  args: readonly string[] = [],
): Promise<Two> {
  const [port = 0, metrics = 0] = await freePorts(2);
  const server = await startServer(t, {
    app: script(['metrics', metrics], ['public', port]),
    bind: [],
    env: { PORT: String(port) },
    args: ['-k', workerClass, '--workers', '2', '--log-level', 'debug', ...args],
  });
  await server.waitFor(ALSO, { times: 2 });
  return { server, metrics: `http://127.0.0.1:${metrics}` };
}

for (const workerClass of CLASSES) {
  test.serial(
    `${workerClass}: PORT tells which server is public, and the other one is in all workers`,
    async (t) => {
      const { server, metrics } = await withMetrics(t, workerClass);
      t.regex((await request(server.url)).text, /^public /);
      const seen = new Set<string>();
      for (let i = 0; i < 200 && seen.size < 2; i++) seen.add((await request(metrics)).text);
      t.deepEqual(
        [...seen].sort(),
        server
          .workers()
          .map((pid) => `metrics ${pid}`)
          .sort(),
      );
      t.regex(server.log(), /public server is that at port \d+, since its port is PORT/);
    },
  );

  test.serial(`${workerClass}: reloads, recycling and an upgrade lose no request to it`, async (t) => {
    const { server, metrics } = await withMetrics(t, workerClass, ['--max-requests', '200']);
    const load = startLoad({ url: metrics, newConnections: 3 });
    const publicLoad = startLoad({ url: server.url, newConnections: 1 });
    await load.more(50);
    for (let round = 0; round < 3; round++) {
      const before = server.workers();
      server.signal('SIGHUP');
      await processesGone(before, 20_000);
      await load.more(20);
    }
    await server.waitFor('Autorestarting worker');
    const from = server.lines.length;
    server.signal('SIGUSR2');
    await server.waitFor(ALSO, { from, times: 2 });
    await server.stop();
    await server.waitFor('Master has been promoted.');
    await load.more(50);
    t.deepEqual((await publicLoad.stop()).failures, []);
    t.deepEqual((await load.stop()).failures, []);
    t.deepEqual(server.matching(/EADDRINUSE|failed to boot|Reload failed/), []);
  });
}

test.serial(
  'without PORT the first server is public, also when the port of the other one is bound by nobody',
  async (t) => {
    const [metrics = 0] = await freePorts(1);
    const server = await startServer(t, {
      app: script(['public', 3000], ['metrics', metrics]),
      args: ['--workers', '2', '--log-level', 'debug'],
    });
    await server.waitFor(ALSO, { times: 2 });
    t.regex((await request(server.url)).text, /^public /);
    t.regex((await request(`http://127.0.0.1:${metrics}`)).text, /^metrics /);
    t.regex(server.log(), /since it listened first/);
  },
);

test.serial('a script whose only server listens elsewhere than PORT says is served', async (t) => {
  const [port = 0] = await freePorts(1);
  const server = await startServer(t, {
    app: script(['public', 3000]),
    bind: [],
    env: { PORT: String(port) },
  });
  t.regex((await request(server.url)).text, /^public /);
  t.deepEqual(server.matching(/also listens/), []);
});

test.serial(
  'an exported application is served, and a server for something else beside it listens',
  async (t) => {
    const [metrics = 0] = await freePorts(1);
    const server = await startServer(t, {
      app: `${script(['metrics', metrics])}
      const app = (request, response) => response.end('exported');
      http.createServer(app).listen(3000);
      export default app;`,
      env: { PORT: '5000' },
    });
    await server.waitFor(ALSO);
    t.is((await request(server.url)).text, 'exported');
    t.regex((await request(`http://127.0.0.1:${metrics}`)).text, /^metrics /);
  },
);

test.serial('unix sockets and servers that speak no HTTP are shared too, and their files go', async (t) => {
  const [raw = 0] = await freePorts(1);
  const server = await startServer(t, {
    app: `${script(['public', 3000], ['metrics', 'metrics.sock'])}
      import net from 'node:net';
      net.createServer((socket) => socket.end('raw')).listen(${raw});
      http.createServer((request, response) => response.end('private')).listen(0, '127.0.0.1');`,
    args: ['--workers', '2'],
  });
  await server.waitFor(ALSO, { times: 4 });
  t.regex((await request(`unix:${server.folder.file('metrics.sock')}:/`)).text, /^metrics /);
  const socket = net.connect(raw, '127.0.0.1').setEncoding('utf8');
  t.is(String(await once(socket, 'data')), 'raw');
  t.is((await server.stop()).code, 0);
  t.false(server.folder.has('metrics.sock'));
});

test.serial(
  'a further port that is taken is an error of the application, and says what was asked',
  async (t) => {
    const taken = net.createServer().listen(0);
    await once(taken, 'listening');
    t.teardown(() => void taken.close());
    const { port } = taken.address() as net.AddressInfo;
    const server = await startServer(t, {
      app: `${script(['public', 3000])}
      http.createServer().listen(${port}).on('error', (error) => console.log('heard', error.code, error.syscall));
      http.createServer(() => {}).listen(${port});`,
      until: 'listening',
    });
    t.truthy(await server.waitFor(/heard EADDRINUSE listen/));
    await server.waitFor(
      /The application cannot listen at port \d+: .*EADDRINUSE.*set PORT to the public port/,
    );
  },
);

test.serial('a reload that no longer opens a further port closes it', async (t) => {
  const { server, metrics } = await withMetrics(t, 'event');
  server.folder.write('app.ts', script(['public', server.port]));
  const before = server.workers();
  server.signal('SIGHUP');
  await processesGone(before, 20_000);
  await server.waitFor('Reload complete');
  await t.throwsAsync(request(metrics), { message: /ECONNREFUSED/ });
});

test.serial(
  'to check an application opens none of its ports, so that it can be done beside the server',
  async (t) => {
    const { server, metrics } = await withMetrics(t, 'event', ['--preload']);
    t.regex((await request(metrics)).text, /^metrics /);
    t.deepEqual(server.matching(/EADDRINUSE/), []);
  },
);
