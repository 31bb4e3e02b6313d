import test from 'ava';
import { parseTarget } from '../../src/application/target.ts';

const none = { exportName: undefined, arguments: undefined };

test('a target without a colon names a module', (t) => {
  t.deepEqual(parseTarget('app.ts'), { module: 'app.ts', ...none });
  t.deepEqual(parseTarget('./dist/server'), { module: './dist/server', ...none });
  t.deepEqual(parseTarget('@acme/app'), { module: '@acme/app', ...none });
  t.deepEqual(parseTarget('app.ts:'), { module: 'app.ts', ...none });
});

test('what stands behind the first colon is the export', (t) => {
  t.deepEqual(parseTarget('app.ts:api'), { module: 'app.ts', exportName: 'api', arguments: undefined });
  t.deepEqual(parseTarget('app:$x'), { module: 'app', exportName: '$x', arguments: undefined });
});

test('the colon of a file URL does not split the target', (t) => {
  t.deepEqual(parseTarget('file:///srv/app.js'), { module: 'file:///srv/app.js', ...none });
  t.is(parseTarget('file:///srv/app.js:api').exportName, 'api');
});

const calls: readonly [text: string, values: readonly unknown[]][] = [
  ['f()', []],
  ['f("x", 2)', ['x', 2]],
  ["f('it\\'s', 'say \"hi\"')", ["it's", 'say "hi"']],
  ['f(true, false, null)', [true, false, null]],
  ['f(-1.5e3, [1, [2]], )', [-1500, [1, [2]]]],
  ['f({debug: true, "a b": {c: []}})', [{ debug: true, 'a b': { c: [] } }]],
  ['f("a:b(c)")', ['a:b(c)']],
];
for (const [text, values] of calls) {
  test(`the factory call ${text} has its literals as arguments`, (t) => {
    t.deepEqual(parseTarget(`app.ts:${text}`), { module: 'app.ts', exportName: 'f', arguments: values });
  });
}

const wrong: readonly [target: string, why: RegExp][] = [
  [':app', /no module before the colon/],
  ['app.ts:a.b', /"a\.b" is not a simple name/],
  ['app.ts:1x', /"1x" is not a simple name/],
  ['app.ts:f(process.env)', /must be literals/],
  ['app.ts:f(debug=True)', /must be literals/],
  ['app.ts:f("x"', /not a simple name/],
  ['app.ts:f([1)', /must be literals/],
  ['app.ts:f(1 2)', /must be literals/],
  ['app.ts:f(__proto__)', /must be literals/],
];
for (const [target, why] of wrong) {
  test(`the target ${target} is refused with exit code 4`, (t) => {
    const error = t.throws(() => parseTarget(target), { message: why, code: 'ERR_APP_TARGET_SYNTAX' });
    t.is((error as unknown as { exitCode: number }).exitCode, 4);
  });
}
