import test from 'ava';
import eventWorker from '../../src/index.ts';

test('it serves all kinds, many at a time, over TLS, HTTP/2 and kept alive', (t) => {
  t.deepEqual(eventWorker.serves, {
    kinds: ['node', 'fetch', 'wsgi', 'asgi'],
    concurrency: 'many',
    keepAlive: true,
    tls: true,
    http2: true,
  });
});
