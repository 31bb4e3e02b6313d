import test from 'ava';
import { readVerifyArguments } from '../../src/arguments.ts';
import { argumentsOfCopy } from '../../src/copy/arguments-of-copy.ts';

test('words of the server stand anywhere, and are kept in their order', (t) => {
  const asked = readVerifyArguments([
    '-w',
    '2',
    '--times',
    '5',
    'app.ts',
    '--seed=9',
    '--only',
    'stop,reload',
  ]);
  t.deepEqual(asked.serverArguments, ['-w', '2', 'app.ts']);
  t.is(asked.times, 5);
  t.is(asked.seed, 9);
  t.deepEqual(asked.only, ['reload', 'stop']);
});

const MISUSES: readonly (readonly [argv: readonly string[], what: RegExp])[] = [
  [['--times', '0'], /--times takes a number from 1/],
  [['--rate', 'fast'], /--rate takes a number .* not "fast"/],
  [['--only', 'flood'], /--only knows no "flood"/],
  [['--path', 'here'], /--path begins with \//],
  [['--url', 'ftp://a'], /--url takes an http/],
  [['--url', 'http://127.0.0.1:1', 'app.ts'], /takes no "app.ts"/],
];

for (const [argv, what] of MISUSES) {
  test(`${argv.join(' ')} is refused`, (t) => {
    t.throws(() => readVerifyArguments(argv), { message: what, code: 'ERR_VERIFY_USAGE' });
  });
}

test('what the running server has for itself is not passed on to a copy', (t) => {
  const words = argumentsOfCopy(
    ['-b', '0.0.0.0:80', '--pid=run.pid', '-D', '-w', '4', '--access-logfile', '-', 'app.ts'],
    '/tmp/x',
  );
  t.deepEqual(words.slice(-3), ['-w', '4', 'app.ts']);
  t.deepEqual(words.slice(0, 2), ['--bind', '127.0.0.1:0']);
});
