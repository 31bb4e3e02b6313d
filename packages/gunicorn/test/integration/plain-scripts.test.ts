import { Folder, makeCertificate, request, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';

/** What a script is, told by the file name of the target. */
interface Script {
  readonly target: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

async function answer(t: ExecutionContext, { target, files, args = [] }: Script): Promise<string> {
  const server = await startServer(t, { files, args: [...args, target] });
  return (await request(server.url)).text;
}

/** The log of a server that does not start, because of its application. */
async function refusal(t: ExecutionContext, { target, files }: Script, code: number): Promise<string> {
  const server = await startServer(t, { files, args: [target], until: 'spawned' });
  t.is((await server.ended()).code, code);
  return server.log();
}

const LISTEN = 'createServer((request, response) => response.end("main")).listen(3000)';

const GUARDED: readonly [guard: string, script: Script][] = [
  [
    'require.main === module',
    {
      target: 'app.cjs',
      files: { 'app.cjs': `if (require.main === module) require('node:http').${LISTEN};` },
    },
  ],
  [
    'require.main === module, in TypeScript',
    {
      target: 'app.cts',
      files: {
        'app.cts': `const isMain: boolean = require.main === module;\nif (isMain) require('node:http').${LISTEN};`,
      },
    },
  ],
  [
    'import.meta.main',
    {
      target: 'app.mjs',
      files: {
        'app.mjs': `#!/usr/bin/env node\nimport http from 'node:http';\nif (import.meta.main) http.${LISTEN};`,
      },
    },
  ],
  [
    'import.meta.main, in TypeScript',
    {
      target: 'app.ts',
      files: {
        'app.ts': `import http from 'node:http';\nconst isMain: boolean = import.meta.main;\nif (isMain) http.${LISTEN};`,
      },
    },
  ],
  [
    'process.argv[1] === import.meta.filename',
    {
      target: 'app',
      files: {
        'app.js': `import http from 'node:http';\nif (process.argv[1] === import.meta.filename) http.${LISTEN};`,
      },
    },
  ],
];

for (const [guard, script] of GUARDED) {
  test(`the application counts as main: ${guard}`, async (t) => {
    t.is(await answer(t, script), 'main');
  });
}

test('what the application imports does not count as main', async (t) => {
  const inner = 'exports.isMain = require.main === module; exports.outer = require.main.filename;';
  const app = `const { isMain, outer } = require('./inner.cjs');
    module.exports = (request, response) => response.end(String([isMain, outer === __filename]));`;
  t.is(await answer(t, { target: 'app.cjs', files: { 'app.cjs': app, 'inner.cjs': inner } }), 'false,true');
});

test('an application that forks is told so at once, with what to do', async (t) => {
  for (const [name, load] of [
    ['app.cjs', `const cluster = require('node:cluster');`],
    ['app.mjs', `import { fork } from 'node:cluster'; const cluster = { isPrimary: true, fork };`],
  ] as const) {
    const text = `${load}\nif (cluster.isPrimary) setTimeout(() => cluster.fork(), 10);`;
    t.regex(
      await refusal(t, { target: name, files: { [name]: text } }, 4),
      /calls cluster\.fork\(\).*--workers/,
    );
  }
});

const TSCONFIG =
  '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] }, "experimentalDecorators": true } }';
const WORD = `export const word: string = 'found';`;
const serving = (start: string): string =>
  `${start}\nexport default (request: unknown, response: any) => response.end(word);`;

const TYPESCRIPT: readonly [what: string, files: Readonly<Record<string, string>>][] = [
  ['./word.js for ./word.ts', { 'app.ts': serving(`import { word } from './word.js';`), 'word.ts': WORD }],
  ['./word for ./word.ts', { 'app.ts': serving(`import { word } from './word';`), 'word.ts': WORD }],
  ['a folder for its index.ts', { 'app.ts': serving(`import { word } from './lib';`), 'lib/index.ts': WORD }],
  [
    'a path alias of tsconfig.json, behind another module',
    {
      'app.ts': serving(`import { word } from './middle.ts';`),
      'middle.ts': `export { word } from '@lib/word';`,
      'lib/word.ts': WORD,
    },
  ],
  [
    'a parameter property',
    {
      'app.ts': serving(
        `class Word { constructor(readonly text: string) {} }\nconst word = new Word('found').text;`,
      ),
    },
  ],
  [
    'a decorator',
    {
      'app.ts': serving(
        `const mark = (target: any) => { target.word = 'found'; };\n@mark class Word {}\nconst { word } = Word as any;`,
      ),
    },
  ],
  [
    './word for ./word.ts in CommonJS',
    {
      'package.json': '{}',
      'app.ts': `const { word } = require('./word');\nmodule.exports = (request: unknown, response: any) => response.end(word);`,
      'word.ts': `exports.word = 'found' as string;`,
    },
  ],
];

for (const [what, files] of TYPESCRIPT) {
  test(`TypeScript that Node.js does not run is compiled: ${what}`, async (t) => {
    t.is(await answer(t, { target: 'app.ts', files: { 'tsconfig.json': TSCONFIG, ...files } }), 'found');
  });
}

test('an import that the compiler does not find either names the file and the cure', async (t) => {
  const files = { 'tsconfig.json': TSCONFIG, 'app.ts': serving(`import { word } from '@lib/wrod';`) };
  const log = await refusal(t, { target: 'app.ts', files }, 3);
  t.regex(log, /@lib\/wrod' imported from \S+app\.ts; .*NODE_OPTIONS='--import tsx'/);
});

test('a loader that NODE_OPTIONS names is there before the application', async (t) => {
  const server = await startServer(t, {
    files: {
      'loader.mjs': `import { registerHooks } from 'node:module';
        registerHooks({ resolve: (name, context, next) => next(name === 'virtual:word' ? './word.ts' : name, context) });`,
      'word.ts': WORD,
      'app.ts': serving(`import { word } from 'virtual:word';`),
    },
    env: { NODE_OPTIONS: '--import ./loader.mjs' },
    args: ['app.ts'],
  });
  t.is((await request(server.url)).text, 'found');
});

const SECURE = `import http from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import { readFileSync } from 'node:fs';
const key = readFileSync(process.env.KEY);
const cert = readFileSync(process.env.CERT);
const answer = (request, response) => response.end('secure ' + request.socket.encrypted);
`;

function certificate(t: ExecutionContext): { env: Record<string, string>; ca: string } {
  const folder = new Folder({});
  t.teardown(() => folder.remove());
  const { keyfile, certfile, pem } = makeCertificate(folder);
  return { env: { KEY: keyfile, CERT: certfile }, ca: pem };
}

const SECURE_SERVERS = {
  'https.createServer': 'https.createServer({ key, cert }, answer).listen(8443);',
  'http2.createSecureServer':
    'http2.createSecureServer({ key, cert, allowHTTP1: true }, answer).listen(8443);',
  'an exported application': 'https.createServer({ key, cert }, answer).listen(8443); export default answer;',
  'an exported server': 'export default https.createServer({ key, cert }, answer);',
};

for (const workerClass of ['sync', 'event']) {
  for (const [what, text] of Object.entries(SECURE_SERVERS)) {
    test(`the ${workerClass} worker speaks TLS with the key and certificate of ${what}`, async (t) => {
      const { env, ca } = certificate(t);
      const server = await startServer(t, {
        files: { 'app.mjs': SECURE + text },
        env,
        args: ['-k', workerClass, 'app.mjs'],
        until: 'listening',
      });
      await server.waitFor('speak TLS, with the key and certificate');
      t.is((await request(`https://127.0.0.1:${server.port}`, { ca })).text, 'secure true');
    });
  }
}

test('TLS that cannot be taken over is refused, unless the settings bring their own', async (t) => {
  const { env, ca } = certificate(t);
  const files = {
    'app.mjs': `${SECURE}https.createServer({ key, cert, requestCert: true }, answer).listen(8443);`,
  };
  const refused = await startServer(t, { files, env, args: ['app.mjs'], until: 'spawned' });
  t.is((await refused.exit).code, 4);
  await refused.waitFor(/asks clients for certificates.*certfile and keyfile/);
  const args = ['--certfile', env['CERT'] ?? '', '--keyfile', env['KEY'] ?? '', 'app.mjs'];
  const server = await startServer(t, { files, env, args, until: 'listening' });
  t.is((await request(server.url, { ca })).text, 'secure true');
});
