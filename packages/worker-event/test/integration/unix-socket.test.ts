import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { rawClient, startWorker, unixListener } from './running-worker.ts';

test('a unix socket is served, and its peers are believed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-unix-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'app.sock');
  await startWorker(
    t,
    { kind: 'fetch', handler: (request) => new Response(`[${request.url}]`) },
    { listeners: [unixListener(path)], settings: { forwardedAllowIps: [] } },
  );
  const client = rawClient(t, connect(path));
  client.send('GET /p HTTP/1.1\r\nHost: example.com\r\nX-Forwarded-Proto: https\r\n\r\n');
  await client.receives('[https://example.com/p]');
  t.pass();
});
