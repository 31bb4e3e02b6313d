import test from 'ava';
import { nearest } from '../../src/suggestion.ts';

const names = [
  'workers',
  'workerClass',
  'timeout',
  'keepalive',
  'maxRequests',
  'gracefulTimeout',
  'umask',
  'app',
];

const cases: [word: string, nearest: string | undefined][] = [
  ['workres', 'workers'],
  ['worker', 'workers'],
  ['tiemout', 'timeout'],
  ['keepAlive', 'keepalive'],
  ['keep_alive', 'keepalive'],
  ['max-request', 'maxRequests'],
  ['gracefultimeout', 'gracefulTimeout'],
  ['bananas', undefined],
  ['xyz', undefined],
];

for (const [word, name] of cases) {
  test(`${word} suggests ${name ?? 'nothing'}`, (t) => {
    t.is(nearest(word, names), name);
  });
}
