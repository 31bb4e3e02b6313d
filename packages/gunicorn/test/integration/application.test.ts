import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

test('the target names the export', async (t) => {
  const server = await startServer(t, {
    files: { 'site.ts': 'export const blog = (request, response) => response.end("blog");' },
    args: ['site.ts:blog'],
  });
  t.is((await request(server.url)).text, 'blog');
});

test('the target may be a factory with arguments', async (t) => {
  const server = await startServer(t, {
    files: { 'site.ts': 'export const make = async (a, b) => (request, response) => response.end(a + b.c);' },
    args: ['site.ts:make("x", {c: 2})'],
  });
  t.is((await request(server.url)).text, 'x2');
});

test('app in the configuration file is served, and the command line wins over it', async (t) => {
  const files = {
    'one.ts': 'export default (request, response) => response.end("one");',
    'two.ts': 'export default (request, response) => response.end("two");',
  };
  const config = 'export default { app: "one" };';
  const fromFile = await startServer(t, { files, config });
  t.is((await request(fromFile.url)).text, 'one');
  const fromCommandLine = await startServer(t, { files, config, args: ['two'] });
  t.is((await request(fromCommandLine.url)).text, 'two');
});

test('applicationKind overrides the guess', async (t) => {
  const server = await startServer(t, {
    // By its two parameters it would pass for (req, res).
    app: `export default (request, other) => new Response('fetched');`,
    args: ['--application-kind', 'fetch'],
  });
  t.is((await request(server.url)).text, 'fetched');
});
