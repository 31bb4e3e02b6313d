import test from 'ava';
import { tableOf } from '../../src/client/verbs/ps.ts';

const MB = 2 ** 20;
type Shown = Parameters<typeof tableOf>[0][number];

const BOOTING: Shown = {
  slot: 2,
  pid: 0,
  age: 2,
  generation: 1,
  condition: 'booting',
  upSeconds: 1,
  silentSeconds: 0.1,
};
const use = (pid: number): NonNullable<Shown['use']> => ({
  pid,
  cpuSeconds: 1.5,
  rssBytes: 90 * MB,
  pssBytes: 50 * MB,
  ussBytes: 30 * MB,
});
const BUSY: Shown = {
  slot: 1,
  pid: 11,
  age: 1,
  generation: 2,
  condition: 'ready',
  upSeconds: 75,
  silentSeconds: 0.2,
  use: use(11),
  applications: [use(12), use(13)],
  count: {
    requests: 41_200,
    durationSeconds: 1,
    durations: [],
    busySeconds: 1,
    inFlight: 1,
    request: { text: 'GET /report/', seconds: 14.2 },
  },
};

test('a worker stands there with all of its processes, what these use, and its request', (t) => {
  t.deepEqual(tableOf([BUSY, BOOTING], 2), [
    'SLOT  PID  PYTHON  STATE    UP     GEN      LAST SIGN   REQS   CPU   PSS  NOW',
    '   1   11  12,13   ready    1 min  2        0.2 s ago  41.2k  4.5s  150M  14.2s GET /report/',
    '   2    -  -       booting  1 s    1 (old)  0.1 s ago      -     -     -  -',
  ]);
});

test('a worker that stands still is called hung, as in top', (t) => {
  t.regex(tableOf([{ ...BUSY, silentSeconds: 9 }], 2)[1] ?? '', / hung /);
});

test('what nobody has is no column, and memory that is not told in shares is marked', (t) => {
  const [head = '', line = ''] = tableOf(
    [{ ...BOOTING, pid: 21, use: { pid: 21, cpuSeconds: 1, rssBytes: 80 * MB } }],
    1,
  );
  t.notRegex(head, /PYTHON|REQS|NOW/);
  t.regex(line, /1\.0s +~80M$/);
});
