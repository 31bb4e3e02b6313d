import test from 'ava';
import { manifestProblems, type PackageManifest, publishedManifest } from '../../src/manifest.ts';

const written: PackageManifest = {
  name: '@gunicorn-ts/http',
  version: '0.1.0',
  license: 'MIT',
  sideEffects: false,
  engines: { node: '>=22.20' },
  publishConfig: { access: 'public', provenance: true },
  dependencies: { '@gunicorn-ts/interface': '^0.1.0', ws: '^8.0.0' },
  scripts: { build: 'tsc' },
  devDependencies: { ava: '1.0.0' },
};
const origin = { repository: 'https://example.org/team/server', folder: 'packages/http' };

test('what is published says where its sources are, and nothing of how it is built', (t) => {
  const published = publishedManifest(written, origin) as PackageManifest;
  t.deepEqual(published.repository, {
    type: 'git',
    url: 'git+https://example.org/team/server.git',
    directory: 'packages/http',
  });
  t.deepEqual(manifestProblems(published, '0.1.0'), []);
  t.is(published['scripts'], undefined);
});

test('a manifest as it is in a checkout is not published', (t) => {
  t.deepEqual(manifestProblems(written, '0.1.0'), [
    '@gunicorn-ts/http does not say where its sources are',
    '@gunicorn-ts/http carries what only a checkout needs',
  ]);
});

test('a neighbour of another version, and one that only a workspace has, are refused', (t) => {
  const published = publishedManifest(written, origin) as PackageManifest;
  const dependencies = {
    '@gunicorn-ts/interface': '^0.0.9',
    '@gunicorn-ts/wsgi': 'workspace:^',
    ws: 'catalog:',
  };
  t.deepEqual(manifestProblems({ ...published, dependencies }, '0.1.0'), [
    '@gunicorn-ts/http needs @gunicorn-ts/interface at ^0.0.9',
    '@gunicorn-ts/http needs @gunicorn-ts/wsgi at workspace:^',
    '@gunicorn-ts/http needs ws at catalog:',
  ]);
});
