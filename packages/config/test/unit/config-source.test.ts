import test from 'ava';
import { lineOfKey } from '../../src/config-source.ts';

const source = `import { defineConfig } from 'gunicorn-ts';

// workers: 1 is too little
const timeout = 3;
const helper = { backlog: 5 };

export default defineConfig({
  /* bind: 'x' */
  bind: "127.0.0.1:8000", workers: 2,
  'keepalive': 4,
  timeout,
  whenReady(server) {
    server.log.info('umask: 0');
  },
  backlog: 9,
  chdir
});
`;

const cases: [key: string, line: number | undefined][] = [
  ['bind', 9],
  ['workers', 9],
  ['keepalive', 10],
  ['timeout', 11],
  ['whenReady', 12],
  ['backlog', 15],
  ['chdir', 16],
  ['umask', undefined],
  ['log', undefined],
  ['certfile', undefined],
];

for (const [key, line] of cases) {
  test(`${key} stands on line ${line ?? '(none)'}`, (t) => {
    t.is(lineOfKey(source, key), line);
  });
}

test('A key before a default export at the end is found', (t) => {
  t.is(lineOfKey('const config = {\n  workers: 2,\n};\nexport default config;\n', 'workers'), 2);
});

test('Keys in a function that is exported are found', (t) => {
  t.is(lineOfKey('export default ({ cpus }) => ({\n  workers: cpus,\n});\n', 'workers'), 2);
});
