import test from 'ava';
import { modelOf, type Sample } from '../../src/client/top/sample.ts';
import { eventLines, keysLine, screenLines, type View } from '../../src/client/top/screen.ts';
import { parseShares } from '../../src/server/process-use.ts';

const MB = 2 ** 20;
const VIEW: View = {
  width: 80,
  height: 24,
  sort: 'slot',
  isTree: false,
  isColored: false,
  isUnicode: true,
  clock: '12:04:31',
  notes: [],
};

/** Two workers, the second of which stands still; `second` is how much time has passed. */
function sample(second: number, text = 'GET /api/orders/'): Sample {
  const worker = (slot: number, silentSeconds: number): Sample['status']['workers'][number] => ({
    slot,
    pid: 2400 + slot,
    age: slot,
    generation: 4,
    condition: 'ready',
    upSeconds: 11_520,
    silentSeconds,
  });
  const use = (pid: number, cpuSeconds: number): object => ({
    pid,
    cpuSeconds,
    rssBytes: 90 * MB,
    pssBytes: 50 * MB,
    ussBytes: 30 * MB,
  });
  return {
    status: {
      version: '1.0',
      pid: 2398,
      app: 'mysite.wsgi:application',
      name: 'mysite.wsgi',
      workerClass: 'sync',
      folder: '/srv/mysite',
      startedAt: 0,
      upSeconds: 11_520,
      phase: 'serving',
      generation: 4,
      target: 2,
      timeout: 30,
      isReloading: false,
      isDrained: false,
      listeners: [{ url: 'http://127.0.0.1:8000' }],
      workers: [worker(1, 0.1), worker(2, 14.2)],
    },
    figures: {
      atMs: second * 1000,
      arbiter: use(2398, 1) as never,
      others: [{ ...use(2399, 2 + 0.1 * second), name: 'python3' }] as never,
      events: [
        { at: Date.UTC(2026, 0, 1), text: 'All workers are ready', isTrouble: false },
        { at: Date.UTC(2026, 0, 1), text: 'Worker 2 (pid 2402) hangs', isTrouble: true },
      ],
      workers: [
        {
          age: 1,
          use: use(2401, 10 + 0.4 * second) as never,
          applications: [use(2431, 5 + 0.1 * second)] as never,
          count: {
            requests: 41_200 + 46 * second,
            durationSeconds: 700 + 0.782 * second,
            durations: [0, 46 * second, 0],
            busySeconds: 100 + 0.83 * second,
            inFlight: 1,
            request: { text, seconds: 0.012 },
          },
        },
        {
          age: 2,
          use: use(2402, 10) as never,
          count: {
            requests: 210,
            durationSeconds: 3,
            durations: [0, 0, 0],
            busySeconds: 50 + second,
            inFlight: 1,
            request: { text: 'POST /report/', seconds: 14.2 },
          },
        },
      ],
      listeners: [{ url: 'http://127.0.0.1:8000', waiting: 3, limit: 2048, drops: 5 }],
      count: {
        requests: 41_410 + 46 * second,
        clientErrors: 0,
        serverErrors: second,
        durations: [0, 46 * second, 0],
        waits: [0, 3 * second, 0],
        restarts: 1,
      },
      system: { cores: 2, load: [1.6, 1, 1], memoryBytes: 512 * MB, throttledSeconds: 0.2 * second },
    },
  } as Sample;
}

const MODEL = modelOf(sample(0), sample(1));

test('rates are differences over the time between two samples', (t) => {
  const [first, second] = MODEL.rows;
  t.is(first?.rate, 46);
  t.is(Math.round((first?.busy ?? 0) * 100), 83);
  t.is(Math.round((first?.cpu ?? 0) * 100), 50, 'with the process of Python');
  t.is(second?.rate, 0);
  t.is(MODEL.rate, 46);
  t.is(Math.round(MODEL.serverErrors * 1000), 22);
});

test('memory of a worker is that of its process and of the one behind it', (t) => {
  t.is(MODEL.rows[0]?.memory.pss, 100 * MB);
  t.is(MODEL.rows[0]?.memory.uss, 60 * MB);
  t.is(MODEL.memory.pss, 250 * MB, 'the arbiter and the master of Python included');
});

test('memory that the kernel does not tell is not shown as a sum of what it tells', (t) => {
  const now = sample(1);
  const workers = now.figures.workers.map(({ age }) => ({
    age,
    use: { pid: age, cpuSeconds: 1, rssBytes: 80 * MB },
  }));
  const model = modelOf(undefined, { ...now, figures: { ...now.figures, workers } });
  t.is(model.rows[0]?.memory.pss, undefined);
  t.true(screenLines(model, VIEW).some((line) => line.includes('~80M')));
});

test('at 80 columns', (t) => {
  t.deepEqual(
    screenLines(MODEL, VIEW).map((line) => line.trimEnd()),
    [
      'gunicorn mysite.wsgi  up 3h12m  gen 4  sync  2/2 ready, 1 busy          12:04:31',
      '46 req/s  p50 8ms p95 10ms p99 10ms  5xx 2.2%  queue 3/2048  wait p95 10ms  dro…',
      'cpu 0.6 of 2 cores  mem 250M (pss) of 512M  load 1.6  throttled 20%  restarts 1',
      'SLOT     PID ST        UP   REQS   R/S BUSY%  CPU%    PSS    USS NOW',
      '   1    2401 busy   3h12m  41.2k    46   83%   50%   100M    60M 12ms GET /api/…',
      '   2    2402 hung   3h12m    210     0  100%    0%    50M    30M 14.2s POST /re…',
    ],
  );
});

test('at 120 columns processes of Python and resident memory have columns, and nothing is cut', (t) => {
  const lines = screenLines(MODEL, { ...VIEW, width: 120 });
  t.regex(
    lines[0] ?? '',
    /^gunicorn 1\.0 {2}mysite\.wsgi {3}pid 2398 {3}up 3h12m {3}generation 4 {3}sync +12:04:31$/,
  );
  t.regex(lines[1] ?? '', /^workers {2}2 of 2 ready, 1 busy {3}busy █{18}░░ 91%$/);
  t.true(lines.some((line) => line.includes(' 2431 busy ') && line.endsWith('12ms GET /api/orders/')));
  t.true(
    lines.some((line) => /14\.2s POST.*… kill: 16s$/.test(line)),
    lines.join('\n'),
  );
  for (const line of lines) t.true(line.length <= 120, line);
});

test('the mean and the slowest of the last seconds are those of one worker', (t) => {
  const [first, second] = modelOf(sample(8), sample(9), sample(0)).rows;
  t.is(Math.round((first?.average ?? 0) * 1000), 17);
  t.is(Math.round((first?.p99 ?? 0) * 1000), 10);
  t.is(second?.average, undefined);
  const [head = '', line = ''] = screenLines(MODEL, { ...VIEW, width: 120 }).slice(-3);
  t.regex(head, /BUSY% +AVG +P99 +CPU%/);
  t.regex(line, / 83% +17ms +10ms +50% /);
});

test('what happened last is shown below', (t) => {
  const lines = eventLines(MODEL, 1, Date.UTC(2026, 0, 1));
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /^\d\d:\d\d:\d\d WARNING {2}Worker 2 \(pid 2402\) hangs$/);
});

test('a tree shows both processes of a worker, and what all have in common', (t) => {
  const lines = screenLines(MODEL, { ...VIEW, isTree: true }).filter((line) => line.includes('└'));
  t.deepEqual(
    lines.map((line) => /(\d+) (\w+)/.exec(line)?.slice(1)),
    [
      ['2401', 'node'],
      ['2431', 'python'],
      ['2398', 'arbiter'],
      ['2399', 'python3'],
    ],
  );
});

test('several processes behind a worker are all counted, and named in the tree', (t) => {
  const of = (second: number): Sample => {
    const now = sample(second);
    const workers = now.figures.workers.map((worker) =>
      worker.applications === undefined
        ? worker
        : {
            ...worker,
            applications: worker.applications.flatMap((one) => [one, { ...one, pid: one.pid + 1 }]),
          },
    );
    return { ...now, figures: { ...now.figures, workers } };
  };
  const model = modelOf(of(0), of(1));
  t.is(model.rows[0]?.memory.pss, 150 * MB);
  t.is(Math.round((model.rows[0]?.cpu ?? 0) * 100), 60);
  const lines = screenLines(model, { ...VIEW, width: 120, isTree: true });
  t.true(lines.some((line) => line.includes(' 2 procs busy ')));
  t.true(
    lines.some((line) => line.includes('2431 python')) && lines.some((line) => line.includes('2432 python')),
  );
});

test('without counts only what the kernel knows is shown', (t) => {
  const { count: _, ...figures } = sample(1).figures;
  const model = modelOf(undefined, { status: sample(1).status, figures });
  const text = screenLines(model, VIEW).join('\n');
  t.notRegex(text, /REQS|req\/s|BUSY/);
});

test('what a client sent cannot steer the terminal', (t) => {
  const hostile = sample(1, 'GET /\u001b[2J\u001b]0;owned\u0007\r\n\u202egnp');
  const text = screenLines(modelOf(sample(0), hostile), { ...VIEW, width: 200 }).join('\n');
  t.notRegex(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
});

test('a terminal without Unicode gets none', (t) => {
  const lines = screenLines(MODEL, { ...VIEW, width: 120, isUnicode: false, isTree: true });
  for (const line of lines) t.regex(line, /^[\x20-\x7e]*$/);
});

test('more workers than lines are counted', (t) => {
  const rows = Array.from({ length: 30 }, (_, at) => ({ ...MODEL.rows[0]!, slot: at + 1 }));
  const lines = screenLines({ ...MODEL, rows }, { ...VIEW, height: 12, notes: [keysLine(80)] });
  t.true(lines.length <= 12);
  t.true(lines.some((line) => /^ {2}\d+ more$/.test(line)));
});

test('a question stays to be seen, whatever else stands below the table', (t) => {
  const notes = [...Array.from({ length: 22 }, (_, at) => `at frame ${at}`), 'Reload? [y/n]'];
  const lines = screenLines(MODEL, { ...VIEW, height: 24, notes });
  t.true(lines.length <= 24, String(lines.length));
  t.is(lines.at(-1), 'Reload? [y/n]');
});

test('the order is that which was asked for', (t) => {
  const first = (sort: View['sort']): string =>
    screenLines(MODEL, { ...VIEW, sort })
      .find((line) => /^ +\d /.test(line))
      ?.trim()
      .charAt(0) ?? '';
  t.is(first('slot'), '1');
  t.is(first('busy'), '2');
  t.is(first('cpu'), '1');
});

test('shares of memory are read from smaps_rollup', (t) => {
  const text =
    'Rss:  8 kB\nPss:                 100 kB\nPss_Dirty: 3 kB\nPrivate_Clean:  10 kB\nPrivate_Dirty:  50 kB\n';
  t.deepEqual(parseShares(text), { pssBytes: 102_400, ussBytes: 61_440 });
});
