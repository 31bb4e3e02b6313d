import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { REFUSALS } from '../../src/index.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

test('the README lists every refusal with its status and sentence, and no other', (t) => {
  const rows = [...readme.matchAll(/^\| `([a-z0-9-]+)` +\| ([0-9]{3}) +\| (.*?) +\|$/gm)];
  t.deepEqual(
    rows.map(([, code, status, sentence]) => [code, Number(status), sentence]),
    Object.entries(REFUSALS).map(([code, [status, sentence]]) => [code, status, sentence]),
  );
});
