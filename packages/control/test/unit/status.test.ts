import test from 'ava';
import { statusLines } from '../../src/client/verbs/status.ts';
import type { ServerFigures } from '../../src/figures.ts';
import type { ServerStatus } from '../../src/status.ts';

const AT = new Date(2026, 0, 1, 3, 4, 5).getTime();
const worker = (slot: number, silentSeconds: number): ServerStatus['workers'][number] => ({
  slot,
  pid: 100 + slot,
  age: slot,
  generation: 1,
  condition: 'ready',
  upSeconds: 60,
  silentSeconds,
});
const STATE = {
  version: '1.0',
  pid: 100,
  app: 'shop.wsgi',
  name: 'shop.wsgi',
  workerClass: 'sync',
  folder: '/srv/shop',
  startedAt: 0,
  upSeconds: 60,
  phase: 'serving',
  generation: 1,
  target: 3,
  timeout: 30,
  isReloading: false,
  isDrained: false,
  listeners: [{ url: 'http://127.0.0.1:8000' }],
  workers: [worker(1, 0.1), worker(2, 9.4), worker(3, 7)],
} as const satisfies ServerStatus;
const FIGURES = {
  workers: [{ age: 2, count: { request: { text: 'GET /report/', seconds: 13 } } }],
  listeners: [{ url: 'http://127.0.0.1:8000', waiting: 3, limit: 2048 }],
  events: [
    { at: AT, text: 'All workers are ready', isTrouble: false },
    { at: AT, text: 'Worker 1 (pid 99) has ended by itself\nmore', isTrouble: true },
  ],
} as unknown as ServerFigures;

test('a worker that says nothing is named, with its request and with what to type next', (t) => {
  const lines = statusLines(STATE, FIGURES, AT);
  t.deepEqual(
    lines.filter((line) => line.includes('silent')),
    [
      '  silent     worker 2 (pid 102) has had GET /report/ for 13 s; gunicorn stacks 2 says where',
      '  silent     worker 3 (pid 103) silent for 7 s; gunicorn stacks 3 says where',
    ],
  );
});

test('a refused reload is said with where its traceback ends', (t) => {
  const error = `shop.wsgi could not be imported\nTraceback\n${'  File "x"\n'.repeat(20)}  File "/srv/shop/settings.py", line 53\n    import nope\nModuleNotFoundError: No module named 'nope'\n`;
  const lines = statusLines({ ...STATE, lastReload: { at: AT, result: 'refused', error } }, FIGURES, AT);
  const text = lines.join('\n');
  t.true(text.split('\n').length < 16);
  t.regex(
    text,
    /reload {5}refused at 03:04:05: shop\.wsgi could not be imported\n.*gunicorn logs.*\n.*settings\.py", line 53\n.*import nope\n {13}ModuleNotFoundError/,
  );
});

test('requests are counted, with those that the server or the application failed', (t) => {
  const workers = [{ age: 2, count: { inFlight: 1 } }];
  const figures = {
    ...FIGURES,
    workers,
    count: { requests: 42, serverErrors: 12 },
  } as unknown as ServerFigures;
  t.true(
    statusLines(STATE, figures, AT).includes(
      '  requests   1 under way, 42 since the start, of which 12 got 5xx',
    ),
  );
});

test('what waits at a listener and what went wrong last are shown', (t) => {
  const lines = statusLines(STATE, FIGURES, AT);
  t.true(lines.includes('  listening  http://127.0.0.1:8000 (3 of 2048 wait)'));
  t.deepEqual(
    lines.filter((line) => line.includes('trouble')),
    ['  trouble    03:04:05 Worker 1 (pid 99) has ended by itself'],
  );
});

test('what an application said does not steer the terminal', (t) => {
  const event = {
    at: AT,
    text: 'Worker 1 (pid 99) ended: \u001B]0;owned\u0007bad\u0008 name',
    isTrouble: true,
  };
  const figures = { ...FIGURES, events: [event] } as unknown as ServerFigures;
  const refused = { at: AT, result: 'refused' as const, error: 'no\u001B[2J such module' };
  t.notRegex(statusLines({ ...STATE, lastReload: refused }, figures, AT).join('\n'), /[^\n\x20-\x7e…]/);
});
