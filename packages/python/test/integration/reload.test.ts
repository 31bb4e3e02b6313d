import { eventually, request, startServer } from '@gunicorn-ts/test-kit';
import { pythonTest } from './serve.ts';

const saying = (text: string): string => `import words


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("${text} " + words.WORD).encode()]
`;

pythonTest('reload notices a module that the application imported', async (t) => {
  const server = await startServer(t, {
    files: { 'shop.py': saying('old'), 'words.py': 'WORD = "word"\n' },
    args: ['--reload', 'shop'],
  });
  t.is((await request(server.url)).text, 'old word');
  server.folder.write('words.py', 'WORD = "another word"\n');
  await eventually(
    async () => (await request(server.url)).text === 'old another word',
    'the new answer',
    20_000,
  );
  server.folder.write('shop.py', saying('new'));
  await eventually(
    async () => (await request(server.url)).text === 'new another word',
    'the new answer',
    20_000,
  );
  t.pass();
});

pythonTest('what is odd in gunicorn.conf.py is said once, and again only when it changes', async (t) => {
  const server = await startServer(t, {
    files: {
      'shop.py': saying('old'),
      'words.py': 'WORD = "word"\n',
      'gunicorn.conf.py': 'keepalive = 5\naccess_logfile = "-"\npreload = False\n',
    },
    args: ['shop'],
  });
  t.is(server.matching(/WARNING/).length, 2, server.log());
  server.signal('SIGHUP');
  await server.waitFor(/Reload complete/);
  t.is(server.matching(/WARNING/).length, 2, server.log());
  server.folder.write('gunicorn.conf.py', 'keepalive = 5\nworker_clas = "gthread"\n');
  server.signal('SIGHUP');
  await server.waitFor(/Reload complete/, { times: 2 });
  t.is(server.matching(/WARNING.*worker_clas/).length, 1, server.log());
  t.is(server.matching(/WARNING/).length, 3, server.log());
});

pythonTest('reload waits an import error out, while the old workers serve', async (t) => {
  const server = await startServer(t, {
    files: { 'shop.py': saying('old'), 'words.py': 'WORD = "word"\n' },
    args: ['--reload', 'shop'],
  });
  t.is((await request(server.url)).text, 'old word');
  server.folder.write('words.py', '1 / 0\n');
  await server.waitFor(/ZeroDivisionError/);
  t.is((await request(server.url)).text, 'old word');
  server.folder.write('words.py', 'WORD = "right word"\n');
  await eventually(
    async () => (await request(server.url)).text === 'old right word',
    'the new answer',
    20_000,
  );
  t.pass();
});

pythonTest('reload waits out an import error of the first start', async (t) => {
  const server = await startServer(t, {
    files: { 'shop.py': saying('first'), 'words.py': 'WOR = 1 / 0\n' },
    args: ['--reload', 'shop'],
    until: 'listening',
  });
  await server.waitFor(/ZeroDivisionError/);
  server.folder.write('words.py', 'WORD = "word"\n');
  await eventually(async () => (await request(server.url)).text === 'first word', 'the new answer', 20_000);
  t.pass();
});
