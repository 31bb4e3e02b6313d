import test from 'ava';
import { addressOf, targetOnSite } from '../../src/addresses.ts';

const PLACES: readonly (readonly [source: string, address: string | undefined])[] = [
  ['docs/settings.md', '/settings'],
  ['packages/http/README.md', '/packages/http'],
  ['ARCHITECTURE.md', '/architecture'],
  ['README.md', '/readme'],
  ['packages/python/PROTOCOL.md', undefined],
  ['packages/http/src/index.ts', undefined],
];

for (const [source, address] of PLACES) {
  test(`${source} stands at ${address ?? 'no address'}`, (t) => {
    t.is(addressOf(source), address);
  });
}

const pages = new Map([
  ['docs/http.md', '/http'],
  ['docs/settings.md', '/settings'],
  ['examples/hono/README.md', '/examples/hono'],
  ['examples', '/examples'],
]);

const LINKS: readonly (readonly [target: string, sources: string | undefined, there: string | undefined])[] =
  [
    ['http.md', undefined, '/http'],
    ['http.md#bodies', undefined, '/http#bodies'],
    ['#here', undefined, '#here'],
    ['https://example.org/a', undefined, 'https://example.org/a'],
    ['../examples', undefined, '/examples'],
    ['../examples/hono/', undefined, '/examples/hono'],
    ['../packages/arbiter/src/loop.ts', undefined, undefined],
    [
      '../packages/arbiter/src/loop.ts',
      'https://code.example/tree/main',
      'https://code.example/tree/main/packages/arbiter/src/loop.ts',
    ],
  ];

for (const [target, sources, there] of LINKS) {
  test(`a link to ${target} ${sources === undefined ? '' : 'with sources '}leads to ${there ?? 'nowhere'}`, (t) => {
    t.is(targetOnSite(target, 'docs/settings.md', { pages, sources }), there);
  });
}
