import { randomBytes } from 'node:crypto';
import { request } from '@gunicorn-ts/test-kit';
import { pythonTest, servePython } from './serve.ts';

const MODES: readonly { readonly name: string; readonly args: readonly string[]; readonly modes: string }[] =
  [
    { name: 'sync', args: ['-k', 'sync'], modes: 'False False False' },
    { name: 'gthread', args: ['-k', 'gthread', '--threads', '3', '-w', '2'], modes: 'True True False' },
    { name: 'event', args: ['-k', 'event'], modes: 'False False False' },
  ];

for (const { name, args, modes } of MODES) {
  pythonTest(`${name}: requests are answered, and the environ tells the truth of the mode`, async (t) => {
    const server = await servePython(t, args);
    t.is((await request(server.url)).text, 'hello');
    t.is((await request(`${server.url}/modes`)).text, modes);
    const shown = (await request(`${server.url}/show?a=1`)).text.split('\n');
    for (const line of ['PATH_INFO=/show', 'QUERY_STRING=a=1', 'RAW_URI=/show?a=1', 'REQUEST_METHOD=GET']) {
      t.true(shown.includes(line), line);
    }
  });

  pythonTest(`${name}: bodies go through in both directions`, async (t) => {
    const server = await servePython(t, args);
    const body = randomBytes(3_000_001);
    for (const size of [0, 1, 70_000, body.length]) {
      const sent = body.subarray(0, size);
      const { body: echoed } = await request(`${server.url}/echo`, { method: 'POST', body: sent });
      t.true(echoed.equals(sent), `${size} bytes`);
    }
    const { text } = await request(`${server.url}/count`, { method: 'POST', body });
    t.is(text, String(body.length));
    // Whatever was left of the body does not disturb the next request.
    t.is((await request(`${server.url}/ignore`, { method: 'POST', body })).text, 'not read');
    t.is((await request(`${server.url}/stream?40`)).body.length, 40 * 65_536);
    t.is((await request(`${server.url}/file?shop/wsgi.py`)).body.length > 1000, true);
    t.is((await request(server.url)).text, 'hello');
  });

  pythonTest(`${name}: a path cannot smuggle fields into the environ`, async (t) => {
    const server = await servePython(t, args);
    t.is((await request(`${server.url}/show%00REMOTE_USER%00root`)).status, 400);
  });

  pythonTest(`${name}: an exception is answered 500, and its traceback is logged`, async (t) => {
    const server = await servePython(t, args);
    const { status, text } = await request(`${server.url}/fail`);
    t.is(status, 500);
    t.notRegex(text, /luck/);
    await server.waitFor(/in fail$/);
    await server.waitFor(/^ *ValueError: no such luck/);
    await t.throwsAsync(request(`${server.url}/fail_late`));
    await server.waitFor(/ValueError: too late/);
    await request(`${server.url}/complain`);
    await server.waitFor(/something is odd/);
    await request(`${server.url}/complain_later`);
    await server.waitFor(/something was odd/);
  });

  pythonTest(`${name}: a response that cannot be sent does not disturb the next one`, async (t) => {
    const server = await servePython(t, args);
    for (let round = 0; round < 4; round += 1) {
      t.is((await request(`${server.url}/bad_status`)).status, 500);
      t.is((await request(server.url)).text, 'hello');
    }
  });
}

pythonTest('gthread: requests are served at the same time', async (t) => {
  const server = await servePython(t, ['-k', 'gthread', '--threads', '4']);
  const started = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => request(`${server.url}/sleep?3`)));
  t.true(performance.now() - started < 9000, 'one after the other they take 12 s');
});

pythonTest('threads with the sync worker mean gthread, and the log says so', async (t) => {
  const server = await servePython(t, ['-k', 'sync', '--threads', '2']);
  await server.waitFor(/threads is 2: the worker class is gthread/);
  t.is((await request(`${server.url}/modes`)).text, 'True False False');
});
