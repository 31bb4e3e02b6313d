import test from 'ava';
import { Watch } from '../../src/watch.ts';
import { connected, logged } from './ends.ts';

test('after the farewell the client reads to the end, and may go on sending', (t) => {
  const { client, connection } = connected(t);
  const watch = new Watch(logged().log);
  connection.linger(watch);
  t.is(client.read(), undefined);
  client.send('more');
  watch.look();
  t.is(watch.size, 1);
  client.close();
  watch.look();
  t.is(watch.size, 0);
});

test('a client that does not leave is left after two seconds', (t) => {
  const { connection } = connected(t);
  const watch = new Watch(logged().log);
  connection.linger(watch);
  watch.sweep(performance.now() + 1900);
  t.is(watch.size, 1);
  watch.sweep(performance.now() + 2001);
  t.is(watch.size, 0);
});

test('a client that goes on sending is not listened to for ever', (t) => {
  const { client, connection } = connected(t);
  const watch = new Watch(logged().log);
  connection.linger(watch);
  for (let sent = 0; sent < 20 && watch.size > 0; sent++) {
    client.send('x'.repeat(10_000));
    watch.look();
  }
  t.is(watch.size, 0);
});
