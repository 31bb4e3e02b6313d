import http from 'node:http';
import type { TestFn } from 'ava';
import { makeCertificate } from '../certificate.ts';
import { Folder } from '../folder.ts';
import { request } from '../request.ts';
import { LARGE_BYTES } from '../apps/routes.ts';
import { type SharedServer, startSubject, type Subject } from './subject.ts';

export function requests(test: TestFn, subject: Subject, shared: SharedServer): void {
  bodies(test, shared);
  connections(test, subject, shared);
  const { concurrency } = subject.serves;

  test.serial('every request has one line in the access log', async (t) => {
    const args = ['--access-logfile', '-', '--access-logformat', 'ACCESS %(m)s %(r)s %(s)s %(B)s'];
    const server = await startSubject(t, subject, { args });
    await request(`${server.url}/?n=1`);
    await request(`${server.url}/echo?n=2`, { method: 'POST', body: 'hello' });
    await server.waitFor('ACCESS GET GET /?n=1 HTTP/1.1 200');
    await server.waitFor('ACCESS POST POST /echo?n=2 HTTP/1.1 200 5');
    await server.stop();
    t.is(server.matching(/ACCESS \w+ \w+ \S+n=/).length, 2);
  });

  test.serial(
    `${concurrency} at a time: a second request ${concurrency === 'many' ? 'need not wait' : 'waits'} for the first`,
    async (t) => {
      const server = await shared(t);
      const target = (name: string): string =>
        `${server.url}/until?file=${encodeURIComponent(server.folder.file(name))}`;
      const first = request(target('first'));
      await server.waitFor('serving /until');
      const from = server.lines.length;
      const second = request(target('second'));
      server.folder.write('second', '');
      if (concurrency === 'many') {
        t.is((await second).status, 200);
        server.folder.write('first', '');
      } else {
        server.folder.write('first', '');
        t.is((await second).status, 200);
        await server.waitFor('serving /until', { from });
        t.is(server.matching(/serving \/until/, from).length, 1);
      }
      t.is((await first).status, 200);
    },
  );
}

function bodies(test: TestFn, shared: SharedServer): void {
  test.serial('a large answer arrives whole', async (t) => {
    const server = await shared(t);
    const { status, body } = await request(`${server.url}/large`);
    t.is(status, 200);
    t.is(body.length, LARGE_BYTES);
  });

  test.serial('the body of a request reaches the application', async (t) => {
    const server = await shared(t);
    const body = Buffer.alloc(300_000, 'abc');
    const answer = await request(`${server.url}/echo`, { method: 'POST', body });
    t.is(answer.status, 200);
    t.true(answer.body.equals(body));
  });
}

function connections(test: TestFn, subject: Subject, shared: SharedServer): void {
  const { keepAlive, tls } = subject.serves;

  test.serial(
    keepAlive ? 'a connection serves several requests' : 'a connection serves one request',
    async (t) => {
      const server = await shared(t);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      t.teardown(() => agent.destroy());
      let opened = 0;
      const connect = agent.createConnection.bind(agent);
      agent.createConnection = (...args) => {
        opened += 1;
        return connect(...args);
      };
      for (let round = 0; round < 3; round += 1) t.is((await request(server.url, { agent })).status, 200);
      t.is(opened, keepAlive ? 1 : 3);
    },
  );

  if (tls) {
    test.serial('TLS is served with the certificate that was configured', async (t) => {
      const folder = new Folder({});
      t.teardown(() => folder.remove());
      const { keyfile, certfile, pem } = makeCertificate(folder);
      const server = await startSubject(t, subject, { args: ['--keyfile', keyfile, '--certfile', certfile] });
      t.is(new URL(server.url).protocol, 'https:');
      const { status, text } = await request(server.url, { ca: pem });
      t.is(status, 200);
      t.deepEqual(server.workers(), [Number(text)]);
    });
  }
}
