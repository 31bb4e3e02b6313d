import test from 'ava';
import type { Answer } from '../../src/kinds/direct/answer.ts';
import { isPlainTarget, urlOf } from '../../src/kinds/fetch/request-url.ts';

function answerTo(target: string, host = 'example.org', scheme = 'http'): Answer {
  return {
    head: { target, host, scheme },
    client: { host: '127.0.0.1', port: 1, local: { host: '::1', port: 8000 } },
  } as unknown as Answer;
}

const TARGETS = [
  '/',
  '/a/b.c?x=1&y=%20',
  '//two',
  '/a/./b',
  '/a/../b',
  '/a/%2e%2E/b',
  '/a/.',
  '/.hidden',
  '/a%2fb',
  '/a\\b',
  '/a"b<c>',
  '/a`{b}^|',
  '/?q=a/../b',
  "/?q='a'",
  "/it's",
  '/?a?b',
  '/a#b',
  '/a?b#c',
  '/caf\u00e9?\u00e9',
  '/[a]?[b]',
];
const HOSTS = [
  'example.org',
  'EXAMPLE.org',
  'example.org:80',
  'example.org:443',
  '127.1',
  '0x7f.1:8080',
  '[::1]:80',
];

test('a URL is what Node would write, whatever its target holds', (t) => {
  for (const target of TARGETS) t.is(urlOf(answerTo(target)), new URL(`http://example.org${target}`).href);
});

test('every sign of a target is judged as the parser of URLs does', (t) => {
  for (let code = 0x21; code < 0x100; code++) {
    const sign = String.fromCharCode(code);
    for (const target of [`/a${sign}b`, `/${sign}`, `/?a${sign}b`, `/a/${sign}./b`]) {
      t.is(urlOf(answerTo(target)), new URL(`http://example.org${target}`).href, target);
    }
  }
});

test('a host is written as Node would write it', (t) => {
  for (const host of HOSTS) {
    for (const scheme of ['http', 'https']) {
      t.is(urlOf(answerTo('/a', host, scheme)), new URL(`${scheme}://${host}/a`).href);
    }
  }
  t.is(urlOf(answerTo('/a', '')), 'http://[::1]:8000/a');
});

test('a target that is no path is the URL, or stands for the whole server', (t) => {
  t.is(urlOf(answerTo('http://other.org/x')), 'http://other.org/x');
  t.is(urlOf(answerTo('*')), 'http://example.org/');
});

test('the usual target is not parsed', (t) => {
  t.true(isPlainTarget('/static/app-1.2.js?v=3&x=%C3%A9'));
  t.false(isPlainTarget('/static/../app.js'));
});
