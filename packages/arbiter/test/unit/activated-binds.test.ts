import type { ListenAddress, Listener } from '@gunicorn-ts/interface';
import test from 'ava';
import { compareBinds, notOpened } from '../../src/activated-binds.ts';

function socket(fd: number, address: ListenAddress, name?: string) {
  const listener: Listener = { fd, address, url: '' };
  return { bind: `fd://${fd}`, slots: new Map([[0, listener]]), ...(name !== undefined && { name }) };
}

const HTTP = socket(3, { kind: 'tcp', host: '127.0.0.1', port: 8000, family: 4 }, 'web');
const ALL = socket(4, { kind: 'tcp', host: '::', port: 9000, family: 6 }, 'all');
const FILE = socket(5, { kind: 'unix', path: '/run/app.sock' }, 'app.socket');
const SOCKETS = [HTTP, ALL, FILE];

test('without sockets of systemd every bind is opened', (t) => {
  t.deepEqual(compareBinds(['127.0.0.1:8000', 'fd://3'], []), {
    open: ['127.0.0.1:8000', 'fd://3'],
    unserved: [],
  });
});

for (const bind of [
  '127.0.0.1:8000',
  'localhost:8000',
  '127.0.0.1:9000',
  '[::1]:9000',
  'unix:/run/app.sock',
  'fd://3',
  'fd://web',
  'fd://app.socket',
]) {
  test(`${bind} is answered by a socket of systemd`, (t) => {
    t.deepEqual(compareBinds([bind], SOCKETS), { open: [], unserved: [] });
  });
}

for (const bind of ['127.0.0.1:8001', '[::1]:8000', 'unix:/run/other.sock', '0.0.0.0:8000']) {
  test(`${bind} has no socket, and is not opened`, (t) => {
    t.deepEqual(compareBinds([bind], SOCKETS), { open: [], unserved: [bind] });
  });
}

test('a descriptor that systemd did not pass may come from elsewhere', (t) => {
  t.deepEqual(compareBinds(['fd://9'], SOCKETS), { open: ['fd://9'], unserved: [] });
});

test('a name that systemd did not pass is refused, with those that it did', (t) => {
  t.throws(() => compareBinds(['fd://admin'], SOCKETS), {
    message:
      'bind: fd://admin is none of the sockets that systemd passed: 127.0.0.1:8000 (web), [::]:9000 (all), unix:/run/app.sock (app.socket); write FileDescriptorName=admin in its socket unit, or correct the bind',
  });
});

test('the warning says what is served in place of an address, and what to write', (t) => {
  t.is(
    notOpened('0.0.0.0:80', [HTTP]),
    'bind: 0.0.0.0:80 is not opened, since systemd passed sockets and they are served in its place: 127.0.0.1:8000 (web); add ListenStream= for it to the socket unit, or remove it',
  );
});
