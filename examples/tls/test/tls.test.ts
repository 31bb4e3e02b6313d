import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, makeCertificate, request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

/** The example, with the key and the certificate that its README asks for. */
function lesson(): Folder {
  const folder = new Folder({});
  for (const file of ['app.ts', 'gunicorn.conf.ts'])
    cpSync(join(import.meta.dirname, '..', file), folder.file(file));
  return folder;
}

test('the certificate of the configuration is served', async (t) => {
  const folder = lesson();
  t.teardown(() => folder.remove());
  const { pem } = makeCertificate(folder);
  const server = await startServer(t, { cwd: folder.path });
  t.is(new URL(server.url).protocol, 'https:');
  const { status, text } = await request(server.url, { ca: pem });
  t.is(status, 200);
  t.regex(text, /^You came by TLSv1\.[23]\n$/);
});

test('a new certificate is taken up by HUP', async (t) => {
  const folder = lesson();
  t.teardown(() => folder.remove());
  makeCertificate(folder);
  const server = await startServer(t, { cwd: folder.path });
  const [old] = server.workers();
  const { pem } = makeCertificate(folder);
  server.signal('SIGHUP');
  await server.waitFor(new RegExp(`Worker exiting \\(pid: ${old}\\)`));
  t.is((await request(server.url, { ca: pem })).status, 200);
});
