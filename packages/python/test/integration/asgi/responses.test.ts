import { eventually, rawClient, request } from '@gunicorn-ts/test-kit';
import { get, portOf, pythonTest, serveAsgi } from './serve.ts';

pythonTest('a response in one piece leaves in one piece, with its length', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server));
  let pieces = 0;
  client.socket.on('data', () => pieces++);
  const received = await client.send(get('/early')).receives('early');
  t.is(pieces, 1);
  t.regex(received, /\r\nContent-Length: 5\r\n/);
  await client.send(get('/early')).receives('early', 2);
  t.is((await request(`${server.url}/large`)).headers['content-length'], '1000000');
});

pythonTest('pieces of a stream arrive as they are sent, and so does a head without a body', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/stream'));
  for (const number of [0, 1, 2]) {
    await client.receives(`part ${number}\n`);
    t.false(client.received.includes(`part ${number + 1}`));
    await request(`${server.url}/say`, { method: 'POST', body: `go ${number}` });
  }
  t.regex(await client.receives('0\r\n\r\n'), /Transfer-Encoding: chunked/);
  const other = rawClient(t, portOf(server)).send(get('/head_first'));
  await other.receives('x-first: 1\r\n\r\n');
  await request(`${server.url}/say`, { method: 'POST', body: 'go on' });
  await other.receives('late');
});

pythonTest('a client of HTTP/1.0 gets no chunks, and the end of the connection', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send('GET /fails_behind HTTP/1.0\r\n\r\n');
  t.regex(await client.closes(), /\r\n\r\nfine$/);
  const shown = rawClient(t, portOf(server)).send('GET /show HTTP/1.0\r\n\r\n');
  t.regex(await shown.closes(), /"http_version": "1\.0"/);
});

pythonTest('HEAD, 204 and 304 have no body, and the connection goes on', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server));
  client.send(get('/sized').replace('GET', 'HEAD'));
  t.regex(await client.receives('\r\n\r\n'), /content-length: 5\r\n/);
  client.send(get('/early').replace('GET', 'HEAD'));
  t.regex(await client.receives('\r\n\r\n', 2), /content-length: 5\r\n\r\n$/i);
  client.send(get('/large').replace('GET', 'HEAD'));
  await client.receives('content-length: 1000000\r\n\r\n');
  client.send(get('/no_content'));
  const received = await client.receives('x-kind: none\r\n\r\n');
  t.notRegex(received.slice(received.indexOf('HTTP/1.1 204')), /content-length/i);
  await client.send(get('/early')).receives('\r\n\r\nearly');
  t.false(client.received.includes('12345'));
});

pythonTest(
  'a body longer than its length is refused to the application, and one that is shorter cut',
  async (t) => {
    const server = await serveAsgi(t);
    const long = rawClient(t, portOf(server)).send(get('/too_long'));
    t.regex(await long.closes(), /\r\n\r\n12$/);
    const short = rawClient(t, portOf(server)).send(get('/too_short'));
    t.regex(await short.closes(), /\r\n\r\n12$/);
    await server.waitFor(/the body of the response is shorter than its Content-Length, by 1 bytes/);
    t.deepEqual(JSON.parse((await request(`${server.url}/errors`)).text), [
      'RuntimeError: the body of the response is longer than its Content-Length, by 1 bytes',
    ]);
  },
);

pythonTest('what comes at the wrong time is thrown out of send, and the response is as it was', async (t) => {
  const server = await serveAsgi(t);
  const { status, text, headers } = await request(`${server.url}/out_of_order`);
  t.is(status, 201);
  t.is(text, 'correct');
  t.is(headers['x-kept'], '\xb5\t1');
  const thrown = JSON.parse((await request(`${server.url}/errors`)).text) as string[];
  t.deepEqual(
    thrown.map((one) => one.split(':')[0]),
    [
      'RuntimeError',
      'RuntimeError',
      'KeyError',
      'ValueError',
      'TypeError',
      'TypeError',
      'RuntimeError',
      'TypeError',
      'RuntimeError',
    ],
  );
});

pythonTest(
  'a header that would end its line is refused to the application, and nothing of it leaves',
  async (t) => {
    const server = await serveAsgi(t);
    for (const kind of ['line', 'name', 'nul']) {
      const { status, headers } = await request(`${server.url}/bad_header?${kind}`);
      t.is(status, 500, kind);
      t.is(headers['x-evil'], undefined);
    }
  },
);

pythonTest('an application that fails is answered for, or cut, and its traceback logged once', async (t) => {
  const server = await serveAsgi(t);
  t.is((await request(`${server.url}/fails`)).status, 500);
  await server.waitFor(/Error handling request GET \/fails\n?/);
  await server.waitFor(/ValueError: no such luck/);
  t.is((await request(`${server.url}/returns`)).status, 500);
  await server.waitFor(/returned before its response was complete/);
  for (const path of ['/fails_late', '/returns_late']) {
    const client = rawClient(t, portOf(server)).send(get(path));
    t.regex(await client.closes(), /begun\r\n$/, path);
  }
  const client = rawClient(t, portOf(server)).send(get('/fails_behind'));
  await client.receives('fine');
  await server.waitFor(/ValueError: behind the end/);
  await client.send(get('/early')).receives('early');
  t.is(server.log().split('ValueError: no such luck').length, 2);
});

pythonTest('a stream that nobody reads ends, also where the application looks at nothing', async (t) => {
  const server = await serveAsgi(t, ['--asgi-disconnect-grace-period', '0.2']);
  const client = rawClient(t, portOf(server)).send(get('/endless'));
  await client.receives('xxxx');
  client.socket.destroy();
  await server.waitFor(/the endless stream has ended/);
  t.notRegex(server.log(), /Traceback|CancelledError/);
});

pythonTest('an application is held back by a slow client, and the process holds little', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/flood'));
  await client.receives('xxxx');
  client.socket.pause();
  let last = -1;
  await eventually(async () => {
    const [sent] = JSON.parse((await request(`${server.url}/told`)).text) as string[];
    const before = last;
    last = sent === undefined ? last : Number(sent);
    return before === last && last > 0;
  }, 'the flood to stand still');
  // What the kernel holds on both sides of the connection, and a window.
  t.true(last < 16 * 2 ** 20, String(last));
  client.socket.destroy();
  await server.waitFor(/flood over/);
});

pythonTest('work behind a response holds up nobody, and is waited for', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/work_behind'));
  await client.receives('answered');
  await client.send(get('/early')).receives('early');
  client.socket.destroy();
  t.notRegex(server.log(), /background work is done/);
  server.signal('SIGTERM');
  t.is((await server.exit).code, 0);
  t.regex(server.log(), /background work is done[^]*lifespan is over done/);
});

pythonTest('early hints leave before the head, and not to a client of HTTP/1.0', async (t) => {
  const server = await serveAsgi(t);
  const client = rawClient(t, portOf(server)).send(get('/hinted'));
  t.regex(
    await client.receives('\r\n\r\nhinted'),
    /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>.*\r\nlink: <\/b\.js>.*\r\n\r\nHTTP\/1\.1 103 .*x-early: 1\r\n\r\nHTTP\/1\.1 200 /s,
  );
  const old = rawClient(t, portOf(server)).send('GET /hinted HTTP/1.0\r\n\r\n');
  t.regex(await old.closes(), /^HTTP\/1\.1 200 /);
});
