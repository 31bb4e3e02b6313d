import test from 'ava';
import syncWorker from '../../src/index.ts';

test('it serves all kinds, one at a time, over TLS, and closes connections', (t) => {
  t.deepEqual(syncWorker.serves, {
    kinds: ['node', 'fetch', 'wsgi'],
    concurrency: 'one',
    keepAlive: false,
    tls: true,
  });
});
