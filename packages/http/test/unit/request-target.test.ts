import test from 'ava';
import { checkTarget, parseTarget } from '../../src/index.ts';

test('a path is split at its first question mark, and the fragment is kept out', (t) => {
  t.deepEqual(parseTarget('GET', '/a/b?c=d?e#f?g#h'), {
    form: 'origin',
    path: '/a/b',
    query: 'c=d?e',
    fragment: 'f?g#h',
  });
  t.like(parseTarget('GET', '/a#b?c'), { path: '/a', query: '', fragment: 'b?c' });
});

test('two slashes begin a path', (t) => {
  t.like(parseTarget('GET', '//evil.example/x'), { form: 'origin', path: '//evil.example/x' });
});

test('of an absolute URI path, query and authority are given, and user information is left out', (t) => {
  t.deepEqual(parseTarget('GET', 'http://me:pw@Example.test:81/a?b'), {
    form: 'absolute',
    path: '/a',
    query: 'b',
    fragment: '',
    authority: { host: 'Example.test', port: 81 },
  });
});

test('an absolute URI without a path has the path /', (t) => {
  t.like(parseTarget('GET', 'http://a'), { path: '/', query: '' });
  t.like(parseTarget('GET', 'http://a?b'), { path: '/', query: 'b' });
});

test('CONNECT names an authority, and OPTIONS may ask with an asterisk', (t) => {
  t.like(parseTarget('CONNECT', '[::1]:22'), { form: 'authority', authority: { host: '[::1]', port: 22 } });
  t.like(parseTarget('OPTIONS', '*'), { form: 'asterisk', path: '*' });
});

for (const [method, target] of [
  ['GET', '*'],
  ['GET', 'a:80'],
  ['GET', 'a'],
  ['GET', 'http://'],
  ['GET', 'http://a b/'],
  ['CONNECT', '/'],
  ['CONNECT', 'a'],
  ['CONNECT', 'http://a:80'],
  ['OPTIONS', '**'],
] as const) {
  test(`${method} ${target} is refused`, (t) => {
    t.throws(() => checkTarget(method, target), { name: 'RequestError', code: 'target' });
    t.throws(() => parseTarget(method, target), { name: 'RequestError', code: 'target' });
  });
}
