import type { ArbiterMessage, LogLine, Settings } from '@gunicorn-ts/interface';
import { LedLog } from '@gunicorn-ts/logging';
import test from 'ava';
import { LogHub } from '../../src/log-hub.ts';

const silent = (): void => undefined;
const settings = { loglevel: 'info' } as unknown as Settings;

function ownLog(levels: string[] = []): LedLog {
  return new LedLog({
    debug: silent,
    info: silent,
    warning: silent,
    error: silent,
    critical: silent,
    isEnabled: () => true,
    write: silent,
    render: ({ message }) => message,
    setLevel: (level) => void levels.push(level),
    reopen: silent,
    close: silent,
  });
}

function line(text: string, change: Partial<LogLine> = {}): LogLine {
  return { log: 'error', level: 'info', pid: 2, at: Date.now(), text, ...change };
}

/** A hub with two workers, and what they are told. */
function hubOf(log: LedLog): { hub: LogHub; told: [number, ArbiterMessage][] } {
  const told: [number, ArbiterMessage][] = [];
  const hub = new LogHub(log);
  hub.join({ ages: () => [1, 2], send: (age, message) => void told.push([age, message]) });
  return { hub, told };
}

const lines = (given: readonly LogLine[], recalled?: number) =>
  ({ type: 'log-lines', version: 1, lines: given, lost: 0, recalled }) as const;

test('workers send lines only while somebody follows, and those that are started meanwhile too', (t) => {
  const { hub, told } = hubOf(ownLog());
  hub.started(1);
  t.deepEqual(told, []);
  const stop = hub.followLogs({ logs: { error: false, access: true }, onLines: silent });
  hub.started(3);
  const follow = { error: false, access: true };
  t.deepEqual(
    told.map(([age, message]) => [age, message.type === 'logs' && message.follow]),
    [
      [1, follow],
      [2, follow],
      [3, follow],
    ],
  );
  told.length = 0;
  stop();
  stop();
  t.like(told[1]?.[1], { type: 'logs', follow: { error: false, access: false } });
  t.is(told.length, 2);
});

test('each follower gets the lines of its logs, of the arbiter and of workers', (t) => {
  const log = ownLog();
  const { hub } = hubOf(log);
  const got: string[][] = [[], []];
  const onLines = (to: number) => (given: readonly LogLine[], lost: number) =>
    void got[to]!.push(...given.map(({ text }) => text), ...(lost > 0 ? [`${lost} lost`] : []));
  hub.followLogs({ logs: { error: true, access: false }, onLines: onLines(0) });
  const stop = hub.followLogs({ logs: { error: true, access: true }, onLines: onLines(1) });
  log.info('of the arbiter');
  hub.heard(1, { ...lines([line('of a worker'), line('GET /', { log: 'access' })]), lost: 2 });
  stop();
  log.info('later');
  t.deepEqual(got, [
    ['of the arbiter', 'of a worker', '2 lost', 'later'],
    ['of the arbiter', 'of a worker', 'GET /', '2 lost'],
  ]);
});

test('what all processes remember comes in the order of its moments, without a worker that does not answer', async (t) => {
  const log = ownLog();
  const { hub, told } = hubOf(log);
  log.info('second');
  const recalled = hub.recallLogs();
  const { recall: number } = told[0]![1] as { recall?: number };
  hub.heard(1, lines([line('first', { at: 1 }), line('third', { at: Date.now() + 1000 })], number));
  hub.heard(9, lines([line('of nobody')], number));
  hub.heard(1, lines([line('twice')], number));
  t.deepEqual(
    (await recalled).map(({ text }) => text),
    ['first', 'second', 'third'],
  );
});

test('a level that was asked for is that of all workers, later ones too, until new settings are in force', (t) => {
  const levels: string[] = [];
  const { hub, told } = hubOf(ownLog(levels));
  t.is(hub.level(settings), 'info');
  hub.setLevel('debug');
  t.deepEqual(
    told.map(([age, message]) => [age, message.type === 'logs' && message.level]),
    [
      [1, 'debug'],
      [2, 'debug'],
    ],
  );
  t.is(hub.inForce(settings).loglevel, 'debug');
  t.is(hub.level(settings), 'debug');
  hub.adopt(settings, settings, () => t.fail() as never);
  t.is(hub.inForce(settings), settings);
  t.like(told.at(-1)?.[1], { type: 'logs', level: 'info' });
  t.deepEqual(levels, ['debug', 'info']);
});
