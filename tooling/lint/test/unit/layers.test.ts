import test from 'ava';
import { ownPackage, wallBetween } from '../../src/layers.ts';

const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['gunicorn', 'arbiter'],
  ['gunicorn', 'worker-event'],
  ['arbiter', 'posix'],
  ['config', 'interface'],
  ['worker-host', 'config'],
  ['worker-event', 'http'],
];

const REFUSED: readonly (readonly [from: string, to: string, why: RegExp])[] = [
  ['interface', 'posix', /contracts need nothing/],
  ['posix', 'interface', /posix knows the kernel/],
  ['config', 'arbiter', /arbiter stands on config/],
  ['arbiter', 'worker-event', /any worker class/],
  ['arbiter', 'worker-host', /any worker class/],
  ['worker-event', 'worker-host', /knows neither its host nor another worker class/],
  ['worker-event', 'worker-sync', /knows neither its host nor another worker class/],
  ['worker-event', 'arbiter', /not the other way round/],
  ['worker-host', 'worker-event', /not the other way round/],
  ['a-new-package', 'interface', /a-new-package has no place/],
  ['config', 'a-new-package', /a-new-package has no place/],
];

for (const [from, to] of ALLOWED) {
  test(`${from} may import ${to}`, (t) => {
    t.is(wallBetween(from, to), undefined);
  });
}

for (const [from, to, why] of REFUSED) {
  test(`${from} must not import ${to}, and is told why`, (t) => {
    t.regex(wallBetween(from, to) ?? '', why);
  });
}

test('a specifier of this repository is split into its layer and what it reaches for inside', (t) => {
  t.deepEqual(ownPackage('@gunicorn-ts/http'), { layer: 'http', inside: '' });
  t.deepEqual(ownPackage('@gunicorn-ts/http/src/x.ts'), { layer: 'http', inside: 'src/x.ts' });
  t.deepEqual(ownPackage('gunicorn-ts'), { layer: 'gunicorn', inside: '' });
  t.is(ownPackage('pino'), undefined);
});
