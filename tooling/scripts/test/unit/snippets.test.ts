import test from 'ava';
import { complaintAbout } from '../../src/checks/snippets/command-check.ts';
import { commandsOf, gunicornArguments } from '../../src/checks/snippets/commands.ts';
import { filesOf, inlineCommands, snippetsOf } from '../../src/checks/snippets/snippet.ts';

const SCRIPTS: readonly (readonly [script: string, ...commands: readonly (readonly string[])[]])[] = [
  ['gunicorn --workers 2 app.ts', ['gunicorn', '--workers', '2', 'app.ts']],
  ['a --x "b c" && d | e', ['a', '--x', 'b c'], ['d'], ['e']],
  ['PORT=80 a b > out 2>&1', ['a', 'b']],
  ['kill -HUP "$(cat gunicorn.pid)"  # again', ['kill', '-HUP', '$(cat gunicorn.pid)']],
  ['a b \\\n  --c', ['a', 'b', '--c']],
  ["a 'one; two'", ['a', 'one; two']],
  ['# nothing'],
];

for (const [script, ...commands] of SCRIPTS) {
  test(`the commands of ${JSON.stringify(script)}`, (t) => {
    t.deepEqual(
      commandsOf(script).map(({ words }) => words),
      commands,
    );
  });
}

const PROGRAMS: readonly (readonly [words: readonly string[], own: readonly string[] | undefined])[] = [
  [['gunicorn', 'app.ts'], ['app.ts']],
  [
    ['venv/bin/gunicorn-ts', '-w', '2'],
    ['-w', '2'],
  ],
  [['npx', 'gunicorn', 'reload'], ['reload']],
  [['venv/bin/python', '-m', 'gunicorn_ts', 'x'], ['x']],
  [['nginx', '-t'], undefined],
];

for (const [words, own] of PROGRAMS) {
  test(`${words.join(' ')} ${own === undefined ? 'is another program' : 'is the command'}`, (t) => {
    t.deepEqual(gunicornArguments(words), own);
  });
}

test('a block may show several files, and each knows its line', (t) => {
  const [snippet] = snippetsOf(
    'page.md',
    'Text\n\n```ts\n// app.ts\nlet a = 1;\n// src/b.ts\nlet b = 2;\n```\n',
  );
  t.deepEqual(filesOf(snippet!), [
    { name: 'app.ts', line: 5, text: 'let a = 1;' },
    { name: 'b.ts', line: 7, text: 'let b = 2;\n' },
  ]);
});

test('commands in the running text are found, those in blocks are not found twice', (t) => {
  const text = 'Say `gunicorn reload`.\n\n```sh\nx `gunicorn status` y\n```\n';
  t.deepEqual(
    inlineCommands('page.md', text).map((found) => [found.line, found.text]),
    [[1, 'gunicorn reload']],
  );
});

const COMMANDS: readonly (readonly [argv: readonly string[], complaint: RegExp | undefined])[] = [
  [['--workers', '2', 'app.ts'], undefined],
  [['--worker-class', 'asgi', '--root-path', '/api', 'main:app'], undefined],
  [['--wrokers', '2'], /--wrokers/],
  [['--workers', 'many'], /many/],
  [['reload', '--until', 'complete'], undefined],
  [['reload', '--untill', 'complete'], /untill/],
  [['export', 'nginx', '--server-name', 'shop.example'], undefined],
  [['export', 'iis'], /iis/],
];

for (const [argv, complaint] of COMMANDS) {
  test(`gunicorn ${argv.join(' ')} is ${complaint === undefined ? 'taken' : 'refused'}`, async (t) => {
    const found = await complaintAbout(argv);
    if (complaint === undefined) t.is(found, undefined);
    else t.regex(found ?? '', complaint);
  });
}
