import { closeSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Listener } from '@gunicorn-ts/interface';
import { openTcpListener, ReadySet } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import { Acceptor, type Taken } from '../../src/acceptor.ts';
import { logged } from './logged.ts';

function listening(t: ExecutionContext, count: number): { acceptor: Acceptor; listeners: Listener[] } {
  const listeners = Array.from({ length: count }, (): Listener => {
    const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 10 });
    return { fd, address, url: `http://127.0.0.1:${address.port}` };
  });
  const ready = new ReadySet({ waits: true });
  const acceptor = new Acceptor(listeners, ready, logged().log);
  t.teardown(() => {
    acceptor.stop();
    ready.close();
  });
  return { acceptor, listeners };
}

async function client(t: ExecutionContext, { url }: Listener): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
}

function close(taken: Taken | undefined): void {
  if (taken !== undefined) closeSync(taken.accepted.fd);
}

test('listeners are served by turns', async (t) => {
  const { acceptor, listeners } = listening(t, 2);
  const [first, second] = listeners as [Listener, Listener];
  for (const listener of [first, first, second, second]) await client(t, listener);
  const taken = [1, 2, 3, 4].map(() => acceptor.accept());
  t.deepEqual(
    taken.map((one) => one?.listener),
    [first, second, first, second],
  );
  for (const one of taken) close(one);
});

test('it is dry when no connection waits, and only then', async (t) => {
  const { acceptor, listeners } = listening(t, 1);
  await client(t, listeners[0]!);
  const taken = acceptor.accept();
  t.is(taken?.accepted.peer.host, '127.0.0.1');
  t.false(acceptor.isDry);
  t.is(acceptor.accept(), undefined);
  t.true(acceptor.isDry);
  close(taken);
});

test('it takes no more than its limit, and is dry then', async (t) => {
  const { acceptor, listeners } = listening(t, 1);
  await client(t, listeners[0]!);
  await client(t, listeners[0]!);
  acceptor.limit(1);
  acceptor.limit(5);
  close(acceptor.accept());
  t.is(acceptor.accept(), undefined);
  t.true(acceptor.isDry);
});

test('once stopped it takes nothing, and its listeners are closed', (t) => {
  const { acceptor, listeners } = listening(t, 1);
  acceptor.stop();
  acceptor.stop();
  t.false(acceptor.isOpen);
  t.is(acceptor.accept(), undefined);
  t.throws(() => closeSync(listeners[0]!.fd), { code: 'EBADF' });
});
