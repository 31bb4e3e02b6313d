import test from 'ava';
import eventWorker from '../../src/index.ts';

test('it serves all kinds, many at a time, over TLS and kept alive', (t) => {
  t.deepEqual(eventWorker.serves, {
    kinds: ['node', 'fetch', 'wsgi'],
    concurrency: 'many',
    keepAlive: true,
    tls: true,
  });
});
