import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import eventWorker from '../../src/index.ts';

const problems = (settings: Partial<Settings>) => eventWorker.check?.(settings as Settings) ?? [];

test('client certificates without an authority are refused', (t) => {
  t.is(problems({ certReqs: 2, caCerts: undefined })[0]?.setting, 'certReqs');
  t.deepEqual(problems({ certReqs: 2, caCerts: '/etc/ca.pem' }), []);
  t.deepEqual(problems({ certReqs: 0, caCerts: undefined }), []);
});

test('it serves all kinds, many at a time, over TLS and kept alive', (t) => {
  t.deepEqual(eventWorker.serves, {
    kinds: ['node', 'fetch', 'wsgi'],
    concurrency: 'many',
    keepAlive: true,
    tls: true,
  });
});
