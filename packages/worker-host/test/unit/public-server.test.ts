import test from 'ava';
import { markOf, portOf, type PublicMarks } from '../../src/application/public-server.ts';
import type { WantedAddress } from '../../src/application/wanted-address.ts';

const BOUND: PublicMarks['addresses'] = [
  { kind: 'tcp', host: '0.0.0.0', port: 8000, family: 4 },
  { kind: 'unix', path: '/run/app.sock' },
];

const cases: readonly [
  what: string,
  wanted: Partial<WantedAddress>,
  port: number | undefined,
  mark: RegExp | undefined,
][] = [
  ['the port that PORT says', { port: 5000 }, 5000, /PORT, 5000/],
  ['a port beside PORT', { port: 9464 }, 5000, undefined],
  ['a port that is bound', { port: 8000 }, undefined, /8000, is bound/],
  ['any port without PORT', { port: 3000 }, undefined, undefined],
  ['no port', {}, undefined, undefined],
  ['port 0', { port: 0 }, 0, undefined],
  ['a path that is bound', { path: '/run/app.sock' }, 5000, /path is bound/],
  ['another path', { path: '/run/metrics.sock' }, 5000, undefined],
];
for (const [what, wanted, port, mark] of cases) {
  test(`${what} ${mark === undefined ? 'does not mark' : 'marks'} the public server`, (t) => {
    const found = markOf({ ready: false, ...wanted }, { port, addresses: BOUND });
    if (mark === undefined) t.is(found, undefined);
    else t.regex(found ?? '', mark);
  });
}

test('PORT counts when it is a number', (t) => {
  t.is(portOf({ PORT: '5000' }), 5000);
  for (const text of ['', '0', 'http', '5000/tcp']) t.is(portOf({ PORT: text }), undefined, text);
  t.is(portOf({}), undefined);
});
