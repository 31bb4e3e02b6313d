import { Socket } from 'node:net';
import { once } from 'node:events';
import test from 'ava';
import { openSocketPair } from '../../src/index.ts';

test('what is written into one end comes out of the other, and so does its end', async (t) => {
  const [one, other] = openSocketPair().map((fd) => new Socket({ fd, readable: true, writable: true }));
  t.teardown(() => one?.destroy());
  other?.setEncoding('utf8');
  one?.write('hello');
  t.deepEqual(await once(other!, 'data'), ['hello']);
  one?.end();
  await once(other!, 'end');
});
