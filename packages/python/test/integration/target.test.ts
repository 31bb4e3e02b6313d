import { request, startServer } from '@gunicorn-ts/test-kit';
import { APPLICATION, pythonTest } from './serve.ts';

const files = { 'src/shop/__init__.py': '', 'src/shop/wsgi.py': APPLICATION };

for (const [target, answer] of [
  ['shop.wsgi:application', 'hello'],
  ['shop.wsgi:create_app("Ada", greeting=\'Hi\')', 'Hi, Ada'],
  ['src/shop/wsgi.py', 'hello'],
  ['src/shop/wsgi.py:create_app("Ada")', 'Hello, Ada'],
] as const) {
  pythonTest(`the target may be ${target}`, async (t) => {
    const server = await startServer(t, { files, args: ['--pythonpath', 'src', target] });
    t.is((await request(server.url)).text, answer);
  });
}

pythonTest('modules are found from chdir and from PYTHONPATH', async (t) => {
  const fromFolder = await startServer(t, { files, args: ['--chdir', 'src', 'shop.wsgi'] });
  t.is((await request(fromFolder.url)).text, 'hello');
  const fromVariable = await startServer(t, { files, args: ['shop.wsgi'], env: { PYTHONPATH: 'src' } });
  t.is((await request(fromVariable.url)).text, 'hello');
});

pythonTest('a JavaScript target of the same name wins', async (t) => {
  const server = await startServer(t, {
    files: {
      'shop.ts': 'export default (request, response) => response.end("JavaScript");',
      'shop.py': APPLICATION,
    },
    args: ['shop'],
  });
  t.is((await request(server.url)).text, 'JavaScript');
});

for (const [what, target, message, exitCode] of [
  ['found nowhere', 'market.wsgi', /cannot find "market/, 4],
  ['a module that is missing', 'shop.nothing', /No module named 'shop\.nothing'/, 4],
  ['an attribute that is missing', 'shop.wsgi:nothing', /'nothing'/, 4],
  ['no application', 'shop.wsgi:PATHS', /cannot be called/, 4],
  ['a module that cannot be imported', 'shop.broken', /could not be imported/, 3],
] as const) {
  pythonTest(`a target that is ${what} stops the start with exit code ${exitCode}`, async (t) => {
    const server = await startServer(t, {
      files: { ...files, 'src/shop/broken.py': 'print("loading")\n1 / 0\n' },
      args: ['--workers', '2', '--pythonpath', 'src', target],
      until: 'spawned',
    });
    t.is((await server.exit).code, exitCode);
    await server.waitFor(message);
    t.is(server.log().match(new RegExp(message, 'g'))?.length, 1);
  });
}

pythonTest('an interpreter that cannot be started is named', async (t) => {
  const server = await startServer(t, {
    files,
    args: ['--python', './nothing/python', '--pythonpath', 'src', 'shop.wsgi'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 1);
  await server.waitFor(/nothing\/python \(the setting python\) cannot be used: there is no folder/);
});

pythonTest('an interpreter that is not on PATH is not found, and is no old one', async (t) => {
  const server = await startServer(t, {
    files,
    args: ['--python', 'no-such-python', '--pythonpath', 'src', 'shop.wsgi'],
    until: 'spawned',
  });
  t.is((await server.exit).code, 1);
  t.regex(server.log(), /no-such-python \(the setting python\) cannot be started: ENOENT/);
});
