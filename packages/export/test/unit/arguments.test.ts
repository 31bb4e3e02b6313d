import test from 'ava';
import { readArguments } from '../../src/index.ts';

test('what is not for the export is for the server', (t) => {
  const argv = [
    'nginx',
    '--workers',
    '4',
    '--server-name=a',
    '--output',
    '/x',
    '-k',
    'event',
    '--static',
    '/s/=/d',
    'app.ts',
  ];
  t.like(readArguments(argv), {
    kind: 'nginx',
    output: '/x',
    serverNames: ['a'],
    serverArguments: ['--workers', '4', '-k', 'event', 'app.ts'],
  });
});

for (const [argv, message] of [
  [[], /write one of systemd, nginx, apache, supervisor, logrotate, docker, .* behind it, not nothing/],
  [['podman'], /not "podman"/],
  [['systemd', '--output'], /--output needs a value/],
  [['nginx', '--static', 'static'], /URL=DIR/],
  [['nginx', '--streaming', 'events'], /begins with \//],
  [['nginx', '--tls-key', '/k.pem'], /go together/],
  [['nginx', '--tls-key', 'k.pem', '--tls-certificate', '/c.pem'], /absolute paths, not "k.pem"/],
] as const) {
  test(`export ${argv.join(' ')} is refused in a sentence`, (t) => {
    t.throws(() => readArguments(argv), { code: 'ERR_EXPORT_USAGE', message });
  });
}
