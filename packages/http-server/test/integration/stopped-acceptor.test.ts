import { openTcpListener } from '@gunicorn-ts/posix';
import { rawClient } from '@gunicorn-ts/test-kit';
import { once } from 'node:events';
import test from 'ava';
import { Acceptor } from '../../src/listen/acceptor.ts';
import { DescriptorLoop } from '../../src/loop/descriptor-loop.ts';

test('one that has stopped takes nothing: its descriptor may be another one by now', async (t) => {
  const { fd, address } = openTcpListener({ host: '127.0.0.1', port: 0, backlog: 8 });
  const taken: number[] = [];
  const acceptor = new Acceptor(DescriptorLoop.shared()!, {
    fd,
    onConnection: (accepted) => void taken.push(accepted.fd),
    onRefusal: (error) => t.fail(error.message),
  });
  acceptor.stop();
  const client = rawClient(t, address.port);
  await once(client.socket, 'connect');
  t.is(acceptor.take(), 0);
  t.deepEqual(taken, []);
});
