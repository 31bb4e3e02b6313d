import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import test from 'ava';
import { serving } from '../application.ts';

test('a response on a stream that takes it later ends, however short it is', async (t) => {
  const { server } = await serving(t, { kind: 'fetch', handler: () => new Response('short') });
  let written = '';
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, callback) {
      written += String(chunk);
      setImmediate(callback);
    },
  });
  server.serveStream(stream);
  stream.push('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await finished(stream, { readable: false, signal: AbortSignal.timeout(20_000) });
  t.regex(written, /^HTTP\/1\.1 200 [^]*short$/);
});
