import test from 'ava';
import { type WantedAddress, wantedAddress } from '../../src/application/wanted-address.ts';

const callback = (): void => undefined;
const cases: readonly [what: string, parameters: readonly unknown[], wanted: WantedAddress][] = [
  ['listen()', [], { ready: false }],
  ['listen(callback)', [callback], { ready: false }],
  ['listen(3000)', [3000], { ready: false, port: 3000 }],
  ['listen("3000", callback)', ['3000', callback], { ready: false, port: 3000 }],
  [
    'listen(3000, "::1", 511, callback)',
    [3000, '::1', 511, callback],
    { ready: false, port: 3000, host: '::1' },
  ],
  ['listen("/run/app.sock")', ['/run/app.sock'], { ready: false, path: '/run/app.sock' }],
  ['listen({ port, host })', [{ port: '80', host: 'a' }], { ready: false, port: 80, host: 'a' }],
  ['listen({ path })', [{ path: '/a' }], { ready: false, path: '/a' }],
  ['listen({ fd })', [{ fd: 3 }], { ready: true }],
  ['listen({ port, reusePort })', [{ port: 1, reusePort: true }], { ready: true, port: 1 }],
  ['listen(handle)', [{ _handle: {} }], { ready: true }],
];
for (const [what, parameters, wanted] of cases) {
  test(`${what} is understood`, (t) => {
    t.deepEqual(wantedAddress(parameters), wanted);
  });
}
