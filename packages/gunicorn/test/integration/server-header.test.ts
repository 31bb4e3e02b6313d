import { rawClient, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

const APPS = {
  node: `export default (request, response) => response.end('ok');`,
  fetch: `export default { fetch: () => new Response('ok') };`,
  wsgi: `export default (environ, startResponse) => { startResponse('200 OK', []); return [Buffer.from('ok')]; };`,
} as const;

const GOOD = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const REFUSED = 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n';

function ask(t: ExecutionContext, server: Server, text: string): Promise<string> {
  return rawClient(t, server.port).send(text).closes();
}

for (const workerClass of ['sync', 'event']) {
  for (const [kind, source] of Object.entries(APPS)) {
    const serve = (value: string): readonly string[] => [
      '--worker-class',
      workerClass,
      '--server-header',
      value,
      './app.mjs',
    ];

    test(`${workerClass} says of ${kind} applications, and of what it refuses, what serverHeader says`, async (t) => {
      const server = await startServer(t, { files: { 'app.mjs': source }, args: serve('front/1') });
      for (const sent of [GOOD, REFUSED]) {
        const answer = await ask(t, server, sent);
        t.deepEqual(answer.match(/^server:.*$/gim), ['Server: front/1'], answer);
      }
    });

    test(`${workerClass} names nobody for ${kind} applications when serverHeader is empty`, async (t) => {
      const server = await startServer(t, { files: { 'app.mjs': source }, args: serve('') });
      for (const sent of [GOOD, REFUSED]) t.notRegex(await ask(t, server, sent), /^server:/im);
    });
  }
}

test('A (req, res) application may say another Server than serverHeader', async (t) => {
  const app = `export default (request, response) => { response.setHeader('Server', 'own'); response.end('ok'); };`;
  for (const workerClass of ['sync', 'event']) {
    const server = await startServer(t, {
      files: { 'app.mjs': app },
      args: ['--worker-class', workerClass, '--server-header=front', './app.mjs'],
    });
    t.regex(await ask(t, server, GOOD), /^Server: own\r$/m);
  }
});

test('An application that throws is answered under the name of serverHeader', async (t) => {
  const app = `export default () => { throw new Error('broken'); };`;
  for (const workerClass of ['sync', 'event']) {
    const server = await startServer(t, {
      files: { 'app.mjs': app },
      args: ['--worker-class', workerClass, '--server-header=front', './app.mjs'],
    });
    t.regex(await ask(t, server, GOOD), /^HTTP\/1\.1 500 [^]*^Server: front\r$/m);
  }
});
