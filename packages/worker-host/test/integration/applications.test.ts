import test from 'ava';
import { startWorker, type WorkerOptions } from './fake-arbiter.ts';

interface Served extends WorkerOptions {
  readonly title: string;
  readonly answer: string;
}

const HTTP = `import { createServer } from 'node:http';\n`;

const cases: readonly Served[] = [
  {
    title: 'a script that listens and exports nothing is served on the arbiter’s listeners',
    files: { 'app.mjs': `${HTTP}createServer((req, res) => res.end('script')).listen(3000);` },
    settings: { app: 'app.mjs' },
    answer: 'script',
  },
  {
    title: 'a script that listens later, in CommonJS, is waited for',
    files: {
      'app.cjs': `const http = require('http');
        setTimeout(() => http.createServer((req, res) => res.end('late')).listen(3000), 700);`,
    },
    settings: { app: 'app' },
    answer: 'late',
  },
  {
    title: 'a server that listens believes that it does',
    files: {
      'app.mjs': `${HTTP}
        const server = createServer((req, res) => res.end(seen.join()));
        const seen = [];
        server.on('listening', () => seen.push('event', server.listening, typeof server.address().port));
        server.listen({ port: 3000, host: 'localhost' }, () => seen.push('callback'));`,
    },
    settings: { app: 'app.mjs' },
    answer: 'event,true,number,callback',
  },
  {
    title: 'a second server on the same port, as Fastify opens it for localhost, is not bound either',
    files: {
      'app.mjs': `${HTTP}
        createServer((req, res) => res.end('first')).listen({ port: 3000, host: '127.0.0.1' });
        createServer((req, res) => res.end('second')).listen({ port: 3000, host: '::1' });`,
    },
    settings: { app: 'app.mjs' },
    answer: 'first',
  },
  {
    title: 'a script that exports its application and listens is served by the export',
    files: {
      'app.mjs': `${HTTP}
        const app = (req, res) => res.end('exported');
        createServer(app).listen(3000);
        export default app;`,
    },
    settings: { app: 'app.mjs' },
    answer: 'exported',
  },
  {
    title: 'a script that hangs more than requests on its server is served through that server',
    files: {
      'app.mjs': `${HTTP}
        const app = (req, res) => res.end('exported');
        const server = createServer((req, res) => res.end('server'));
        server.on('upgrade', () => undefined);
        server.listen(3000);
        export default app;`,
    },
    settings: { app: 'app.mjs' },
    answer: 'server',
  },
  {
    title: 'a factory is called with its arguments, and a promise of an application awaited',
    files: {
      'app.ts': `export async function create(word: string, count: number) {
        return (req: unknown, res: any) => res.end(word.repeat(count));
      }`,
    },
    settings: { app: 'app.ts:create("ab", 3)' },
    answer: 'ababab',
  },
  {
    title: 'TypeScript that needs a compiler is compiled',
    files: {
      'app.ts': `enum Word { Hello = 'from an enum' }\nexport default (req: unknown, res: any) => res.end(Word.Hello);`,
    },
    answer: 'from an enum',
  },
  {
    title: 'named exports of CommonJS are found',
    files: { 'app.cjs': `const all = {}; all.app = (req, res) => res.end('named'); module.exports = all;` },
    settings: { app: 'app.cjs' },
    answer: 'named',
  },
];
for (const { title, answer, ...options } of cases) {
  test.serial(title, async (t) => {
    const worker = startWorker(t, options);
    await worker.said('ready');
    t.is(await (await fetch(worker.url)).text(), answer);
    worker.kill('SIGTERM');
    t.is((await worker.exited).code, 0);
  });
}

test.serial('a factory that the target does not call is pointed out', async (t) => {
  const worker = startWorker(t, {
    files: { 'app.ts': `export const createApp = () => (req: unknown, res: any) => res.end();` },
  });
  t.regex((await worker.said('boot-failed')).message, /to call createApp, write MODULE:createApp\(\)/);
});
