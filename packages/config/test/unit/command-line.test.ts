import test from 'ava';
import { parseCommandLine } from '../../src/command-line.ts';
import { FlagTable, flagsOf } from '../../src/flag.ts';
import { renderProblem } from '../../src/problem-text.ts';
import { builtinDefinitions } from '../../src/registry.ts';

const table = new FlagTable(flagsOf(builtinDefinitions));

function read(...words: string[]) {
  const { given, positionals, asked, problems } = parseCommandLine(words, table, 'flag');
  const values = Object.fromEntries([...given].map(([key, { value }]) => [key, value]));
  return { values, positionals, asked, problems: problems.map(renderProblem) };
}

const understood: [words: string[], values: Record<string, unknown>, positionals?: string[]][] = [
  [['--workers', '4'], { workers: '4' }],
  [['--workers=4'], { workers: '4' }],
  [['-w', '4'], { workers: '4' }],
  [['-w4'], { workers: '4' }],
  [['-w=4'], { workers: '4' }],
  [['-w', '-1'], { workers: '-1' }],
  [['-w', '1', '-w', '2'], { workers: '2' }],
  [['-b', ':80', '--bind=:81'], { bind: [':80', ':81'] }],
  [['--grace', '5'], { gracefulTimeout: '5' }],
  [['--error-log=x'], { errorlog: 'x' }],
  [['--log-file', '-'], { errorlog: '-' }],
  [['--access-logfile='], { accesslog: '' }],
  [['-Dw4'], { daemon: true, workers: '4' }],
  [['--no-autopsy'], { autopsy: false }],
  [['--reload', 'app.ts', '-t', '5'], { reload: true, timeout: '5' }, ['app.ts']],
  [['-t', '5', '--', '--odd-name'], { timeout: '5' }, ['--odd-name']],
  [['-n', '-a name'], { procName: '-a name' }],
  [['-c', 'x.ts'], { config: 'x.ts' }],
  [['-e', 'A=1', '-eB=2'], { rawEnv: ['A=1', 'B=2'] }],
  [[''], {}, ['']],
];

for (const [words, values, positionals = []] of understood) {
  test(`Understood as argparse does: ${JSON.stringify(words.join(' '))}`, (t) => {
    t.deepEqual(read(...words), { values, positionals, asked: undefined, problems: [] });
  });
}

const refused: [words: string[], problem: string][] = [
  [['--workres', '3'], '--workres is not an option; did you mean --workers?'],
  [['--workres=3'], '--workres is not an option; did you mean --workers?'],
  [['-workers'], '-workers is not an option; did you mean --workers?'],
  [['-x'], '-x is not an option; gunicorn --help shows what there is'],
  [['-Dx'], '-x is not an option; gunicorn --help shows what there is'],
  [['--max', '1'], '--max could be --max-requests, --max-requests-jitter, --max-worker-memory; write it out'],
  [['--workers'], '--workers needs a value; write --workers INT'],
  [['--workers', '--reload'], '--workers needs a value; write --workers INT'],
  [['--name', '--', 'x'], '--name needs a value; write --name NAME'],
  [['--reload=yes'], '--reload takes no value, but was given "yes"; write --reload alone'],
  [['-D=1'], '-D takes no value, but was given "1"; write -D alone'],
  [
    ['--threads=4'],
    '--threads cannot be honoured: it belongs to Python applications, which need the package @gunicorn-ts/python; npm install @gunicorn-ts/python; a JavaScript application does without it',
  ],
];

for (const [words, problem] of refused) {
  test(`Refused: ${words.join(' ')}`, (t) => {
    t.deepEqual(read(...words).problems, [problem]);
  });
}

const passedOver: [words: string[], warning?: string][] = [
  [['--no-sendfile']],
  [['--suppress-ragged-eofs']],
  [['--do-handshake-on-connect']],
  [['--protocol', 'http']],
  [['--threads', '1']],
  [
    ['--ssl-version', 'TLSv1_2'],
    "--ssl-version has no effect here: Node's TLS decides; Gunicorn ignores it too",
  ],
  [['--spew'], '--spew has no effect here: nothing traces the interpreter; use python -m trace'],
];

for (const [words, warning] of passedOver) {
  test(`Taken from Gunicorn ${warning === undefined ? 'silently' : 'with a word'}: ${words.join(' ')}`, (t) => {
    const line = parseCommandLine([...words, 'app:app'], table, 'flag');
    t.deepEqual([line.positionals, line.problems, [...line.given]], [['app:app'], [], []]);
    t.deepEqual(line.warnings.map(renderProblem), warning === undefined ? [] : [warning]);
  });
}

test('What would be another server than the one that was asked for is refused, with the cure', (t) => {
  t.regex(read('--paste', 'production.ini').problems[0] ?? '', /from paste\.deploy import loadapp/);
  t.regex(read('--protocol=uwsgi').problems[0] ?? '', /uwsgi protocol/);
});

test('Every mistake is reported, not only the first', (t) => {
  t.is(read('--workres=1', '--reload=x', '-x').problems.length, 3);
});

test('The first of --help and --version wins', (t) => {
  t.is(read('-v', '-h').asked, 'version');
  t.is(read('--bogus', '--help').asked, 'help');
  t.is(read('--', '--help').asked, undefined);
});

test('The environment may not ask for help', (t) => {
  const { asked, problems } = parseCommandLine(['--help'], table, 'env');
  t.is(asked, undefined);
  t.deepEqual(problems.map(renderProblem), [
    '--help has no place in GUNICORN_CMD_ARGS (GUNICORN_CMD_ARGS --help); remove it',
  ]);
});
