import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import test from 'ava';
import { Clients } from '../../src/load/clients.ts';
import { Ledger } from '../../src/load/ledger.ts';

test('a request that meets a kept connection that is just being closed is made once more, one on a new connection is lost', async (t) => {
  // Each connection has one answer, and is closed when a second request comes.
  const server = net.createServer((socket) => {
    let count = 0;
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      count += 1;
      if (count === 1 && !bytes.includes('/gone'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
      else socket.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ledger = new Ledger();
  const clients = new Clients({ url }, ledger, 2000);
  t.teardown(() => clients.close());
  await clients.request('keep-alive', { path: '/', bytes: 2 });
  await clients.request('keep-alive', { path: '/', bytes: 2 });
  await clients.request('new-connection', { path: '/gone', bytes: 2 });
  t.is(ledger.askedAgain, 1);
  t.deepEqual(
    ledger.entries.map(({ outcome }) => outcome),
    ['answered', 'answered', 'lost'],
  );
});
