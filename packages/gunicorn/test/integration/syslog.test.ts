import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  eventually,
  notifySocketMisses,
  openNotifySocket,
  request,
  startServer,
} from '@gunicorn-ts/test-kit';
import anyTest, { type ExecutionContext } from 'ava';
import { APP, saying } from './apps.ts';

const test = notifySocketMisses() === undefined ? anyTest : anyTest.skip;

interface Receiver {
  readonly address: string;
  readonly texts: string[];
}

async function udp(t: ExecutionContext): Promise<Receiver> {
  const socket = createSocket('udp4');
  const texts: string[] = [];
  socket.on('message', (bytes) => texts.push(bytes.toString()));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  // By its name, which has to be resolved.
  return { address: `udp://localhost:${socket.address().port}`, texts };
}

/** @param path of a unix socket; none is TCP */
async function stream(t: ExecutionContext, path?: string): Promise<Receiver> {
  const texts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const parts = `${rest}${chunk.toString()}`.split('\0');
      rest = parts.pop() ?? '';
      texts.push(...parts.map((part) => `${part}\0`));
    });
  });
  server.listen(path ?? { port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const place = typeof address === 'string' ? `unix://${address}` : `tcp://127.0.0.1:${address?.port ?? 0}`;
  return { address: place, texts };
}

const ERROR = /^<30>gunicorn\.shop\.error: \[\d+\] Booting worker with pid: \d+\0$/;
const ACCESS =
  /^<30>gunicorn\.shop\.access: \[\d+\] 127\.0\.0\.1 - - \[.*\] "GET \/a HTTP\/1\.1" 200 2 .*\0$/;

async function expectBoth(t: ExecutionContext, { address, texts }: Receiver): Promise<void> {
  const server = await startServer(t, {
    app: saying('ok'),
    args: [
      '--log-syslog',
      '--log-syslog-to',
      address,
      '--log-syslog-prefix',
      'shop',
      '--log-syslog-facility',
      'daemon',
    ],
  });
  t.is((await request(`${server.url}/a`)).status, 200);
  await eventually(() => texts.some((text) => ACCESS.test(text)) && texts.some((text) => ERROR.test(text)));
  // The error log is on stderr as well.
  t.true(server.lines.some((line) => line.includes('Booting worker')));
}

test('both logs go to syslog by UDP, whose name is resolved meanwhile', async (t) => {
  await expectBoth(t, await udp(t));
});

test('both logs go to syslog by TCP', async (t) => {
  await expectBoth(t, await stream(t));
});

test('both logs go to a unix socket that takes connections, which is found out', async (t) => {
  await expectBoth(t, await stream(t, `\0gunicorn-ts-syslog-${process.pid}`.replace('\0', '/tmp/')));
});

test('a daemon of unix datagrams that is started anew gets what comes then, and the access log stays out of it', async (t) => {
  const path = `/tmp/gunicorn-ts-log-${process.pid}`;
  const first = await openNotifySocket(t, path);
  const server = await startServer(t, {
    app: saying('ok'),
    args: [
      '--log-syslog',
      '--log-syslog-to',
      `unix://${path}`,
      '--disable-redirect-access-to-syslog',
      '--name',
      'a:b',
      '--access-logfile',
      'access.log',
    ],
  });
  await first.waitFor(/<14>gunicorn\.a\.b\.error: \[\d+\] Booting worker/);
  await first.close();
  server.signal('SIGTTIN');
  await server.waitFor(/nothing is sent to unix:\/\/.* for now, and it is tried again each second/);
  t.is((await request(server.url)).status, 200);
  const second = await openNotifySocket(t, path);
  await eventually(() => {
    server.signal('SIGUSR1');
    return second.messages.some((text) => text.includes('Handling signal: usr1'));
  });
  t.false([...first.messages, ...second.messages].some((text) => text.includes('GET /')));
});

test('where the name does not resolve, or nobody listens, the server serves', async (t) => {
  for (const address of ['udp://no-such-host.invalid', 'tcp://127.0.0.1:1', 'unix:///nowhere/log']) {
    const server = await startServer(t, {
      app: APP,
      args: ['--log-syslog', '--log-syslog-to', address],
    });
    t.is((await request(server.url)).status, 200);
    await server.waitFor(/nothing is sent to /);
    t.is((await server.stop()).code, 0);
  }
});
