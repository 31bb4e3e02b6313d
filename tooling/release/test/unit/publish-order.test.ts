import test from 'ava';
import type { PackageManifest } from '../../src/manifest.ts';
import { publishOrder } from '../../src/publish-order.ts';

function manifest(name: string, ...needs: readonly string[]): PackageManifest {
  return { name, version: '1.0.0', dependencies: Object.fromEntries(needs.map((one) => [one, '^1.0.0'])) };
}

test('each package is published behind those that it needs', (t) => {
  const order = publishOrder([
    manifest('gunicorn-ts', '@gunicorn-ts/arbiter', '@gunicorn-ts/config', 'ws'),
    manifest('@gunicorn-ts/arbiter', '@gunicorn-ts/interface'),
    manifest('@gunicorn-ts/config', '@gunicorn-ts/interface'),
    manifest('@gunicorn-ts/interface'),
  ]);
  t.deepEqual(order, [
    '@gunicorn-ts/interface',
    '@gunicorn-ts/arbiter',
    '@gunicorn-ts/config',
    'gunicorn-ts',
  ]);
});

test('a circle is refused', (t) => {
  const circle = [manifest('@gunicorn-ts/a', '@gunicorn-ts/b'), manifest('@gunicorn-ts/b', '@gunicorn-ts/a')];
  t.throws(() => publishOrder(circle), {
    message: /a needs @gunicorn-ts\/b needs @gunicorn-ts\/a: a circle/,
  });
});
