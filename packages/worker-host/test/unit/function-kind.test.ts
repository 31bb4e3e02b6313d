import { runInNewContext } from 'node:vm';
import test from 'ava';
import { parameterNames } from '../../src/application/function-kind.ts';

const cases: readonly [source: string, names: readonly string[]][] = [
  ['(a, b) => a', ['a', 'b']],
  ['a => a', ['a']],
  ['async a => a', ['a']],
  ['async (a) => a', ['a']],
  ['function (a, b) {}', ['a', 'b']],
  ['async function named(a) {}', ['a']],
  ['function* named(a) {}', ['a']],
  ['() => 1', []],
  ['(a /* the first */, b) => a', ['a', 'b']],
  ['(a, // the first\n b) => a', ['a', 'b']],
  ['({ x, y }, [b, c] = []) => x', ['{ x, y }', '[b, c]']],
  ['(a = f(1, 2), b) => a', ['a', 'b']],
  ['(a, ...rest) => a', ['a', '...rest']],
];
for (const [source, names] of cases) {
  test(`the parameters of ${JSON.stringify(source)} are ${names.join(' and ') || 'none'}`, (t) => {
    t.deepEqual(parameterNames(runInNewContext(`(${source})`)), names);
  });
}

test('a method and a bound function', (t) => {
  const object = {
    fetch(request: unknown, env: unknown): unknown[] {
      return [request, env, this];
    },
  };
  t.deepEqual(parameterNames(object.fetch), ['request', 'env']);
  t.deepEqual(parameterNames(object.fetch.bind(object)), []);
});
