import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import test from 'ava';
import { packWheel, recordLine } from '../../src/wheel-file.ts';

const DIST_INFO = 'x-1.0.dist-info';
const FILES = [
  [`${DIST_INFO}/WHEEL`, { data: Buffer.from('Wheel-Version: 1.0\n') }],
  ['x/b.py', { data: Buffer.from('') }],
  ['x/a.node', { data: Buffer.from('ELF'), isExecutable: true }],
] as const;

test('RECORD names every file with its hash and size, and itself without', (t) => {
  const files = unzipSync(packWheel(new Map(FILES), DIST_INFO));
  const lines = Buffer.from(files[`${DIST_INFO}/RECORD`]!).toString().trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => line.split(',')[0]),
    Object.keys(files),
  );
  const sum = createHash('sha256').update('ELF').digest('base64url');
  t.is(lines[0], `x/a.node,sha256=${sum},3`);
  t.is(lines.at(-1), `${DIST_INFO}/RECORD,,`);
});

test('a name with a comma stands in quotes', (t) => {
  t.true(recordLine('a,"b".py', Buffer.from('')).startsWith('"a,""b"".py",sha256='));
});

test('the same files make the same bytes, in whatever order and time zone', (t) => {
  const before = process.env['TZ'];
  t.teardown(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
  const packed = ['UTC', 'Pacific/Auckland', 'America/New_York'].map((zone, index) => {
    process.env['TZ'] = zone;
    return packWheel(new Map(index === 1 ? FILES.toReversed() : FILES), DIST_INFO, 1_700_000_000);
  });
  t.deepEqual(packed[1], packed[0]);
  t.deepEqual(packed[2], packed[0]);
  t.notDeepEqual(packWheel(new Map(FILES), DIST_INFO), packed[0]);
});
