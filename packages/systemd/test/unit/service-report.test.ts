import type { WorkerCounts } from '@gunicorn-ts/interface';
import test from 'ava';
import {
  FIRST_REPORT,
  type Occasion,
  type ReportLimits,
  reportOn,
  type ServiceReport,
} from '../../src/notify/service-report.ts';

const SECOND = 1_000_000;

/** Plays moments one after the other, time by hand. */
class Story {
  now = 100 * SECOND;
  readonly limits: ReportLimits;
  #report: ServiceReport = FIRST_REPORT;

  constructor(limits: Partial<ReportLimits> = {}) {
    this.limits = { watchdogUsec: undefined, startLimit: 160 * SECOND, ...limits };
  }

  /** A service whose three workers are ready, a while ago. */
  static serving(limits: Partial<ReportLimits> = {}): Story {
    const story = new Story(limits);
    story.at({ moment: 'starting' });
    story.at(counts({ ready: 3 }));
    story.at({ moment: 'ready' });
    story.now += 10 * SECOND;
    return story;
  }

  at(occasion: Occasion): readonly string[] {
    const { report, lines } = reportOn(this.#report, occasion, this.now, this.limits);
    this.#report = report;
    return lines;
  }

  /** Ticks, a second apart. */
  seconds(count: number, change: Partial<WorkerCounts> = { ready: 3 }): string[] {
    return Array.from({ length: count }, () => {
      this.now += SECOND;
      return this.at({ ...counts(change), moment: 'tick' });
    }).flat();
  }
}

function counts(change: Partial<WorkerCounts>): Occasion & { moment: 'counts' } {
  return { moment: 'counts', counts: { target: 3, booting: 0, ready: 0, draining: 0, ...change } };
}

test('READY=1 is sent when the workers are ready, and not before', (t) => {
  const story = new Story();
  t.deepEqual(story.at({ moment: 'starting' }), ['STATUS=Starting']);
  story.now += SECOND;
  t.deepEqual(story.at({ moment: 'listening', urls: [] }), ['STATUS=Listening, no worker is ready yet']);
  story.now += SECOND;
  t.deepEqual(story.at(counts({ booting: 3 })), ['STATUS=Starting: 0 of 3 workers ready, 3 booting']);
  story.now += SECOND;
  t.deepEqual(story.at(counts({ booting: 1, ready: 2 })), [
    'STATUS=Starting: 2 of 3 workers ready, 1 booting',
  ]);
  t.deepEqual(story.at(counts({ ready: 3 })), []);
  t.deepEqual(story.at({ moment: 'ready' }), ['READY=1', 'STATUS=3 workers ready']);
});

test('a status that follows another at once waits for the next tick, and is sent once', (t) => {
  const story = Story.serving();
  t.deepEqual(story.at(counts({ ready: 3, booting: 1 })), ['STATUS=3 workers ready, 1 booting']);
  story.now += 1000;
  t.deepEqual(story.at(counts({ ready: 4, booting: 0 })), []);
  t.deepEqual(story.seconds(5, { ready: 3, draining: 1 }), ['STATUS=3 workers ready, 1 finishing']);
});

test('one worker is spoken of as one', (t) => {
  const story = Story.serving();
  t.deepEqual(story.at(counts({ target: 1, ready: 1 })), ['STATUS=1 worker ready']);
});

test('a reload is RELOADING=1 with the time, and READY=1 when it is over', (t) => {
  const story = Story.serving();
  t.deepEqual(story.at({ moment: 'reloading' }), [
    'RELOADING=1',
    'MONOTONIC_USEC=110000000',
    'STATUS=Reloading: 3 workers ready',
  ]);
  t.deepEqual(story.at({ moment: 'reloaded' }), ['READY=1', 'STATUS=3 workers ready']);
});

test('a reload that was refused is READY=1 too, and its reason stands in the status until the next', (t) => {
  const story = Story.serving();
  story.at({ moment: 'reloading' });
  const reason = 'SyntaxError: Unexpected token\n    at app.ts:1';
  t.deepEqual(story.at({ moment: 'reloaded', error: reason }), [
    'READY=1',
    'STATUS=3 workers ready; the last reload was refused: SyntaxError: Unexpected token',
  ]);
  story.at({ moment: 'reloaded', error: 'it threw:\n  TypeError: no' });
  story.now += SECOND;
  t.regex(story.at(counts({ ready: 2 })).join(), /refused: it threw: TypeError: no$/);
  t.is(story.at(counts({ ready: 3 })).length, 0);
  story.now += SECOND;
  t.is(story.at({ moment: 'reloading' }).at(-1), 'STATUS=Reloading: 3 workers ready');
  t.is(story.at({ moment: 'reloaded' }).at(-1), 'STATUS=3 workers ready');
});

test('a reload before the service was ready is part of its start', (t) => {
  const story = new Story();
  story.at({ moment: 'starting' });
  t.notRegex(story.at({ moment: 'reloading' }).join(), /RELOADING|READY/);
  t.notRegex(story.at({ moment: 'reloaded' }).join(), /RELOADING|READY/);
  t.true(story.at({ moment: 'ready' }).includes('READY=1'));
});

test('a stop is STOPPING=1, and the status counts the workers that finish', (t) => {
  const story = Story.serving();
  t.deepEqual(story.at({ moment: 'stopping' }), ['STOPPING=1', 'STATUS=Stopping: 3 workers to finish']);
  t.deepEqual(story.seconds(2, { draining: 1 }), ['STATUS=Stopping: 1 worker to finish']);
  t.deepEqual(story.at({ moment: 'stopped', exitCode: 0 }), ['STATUS=Ended with exit code 0']);
});

test('signs of life come at half of the time that the watchdog grants', (t) => {
  const story = Story.serving({ watchdogUsec: 20 * SECOND });
  t.deepEqual(story.seconds(1), ['WATCHDOG=1']);
  t.is(story.seconds(90).filter((line) => line === 'WATCHDOG=1').length, 10);
});

test('a short watchdog gets a sign of life with every tick', (t) => {
  const story = Story.serving({ watchdogUsec: 3 * SECOND });
  t.is(story.seconds(10).length, 10);
});

test('there is no sign of life without a worker, unless none is wanted', (t) => {
  const story = Story.serving({ watchdogUsec: 4 * SECOND });
  t.notRegex(story.seconds(20, {}).join(), /WATCHDOG/);
  t.regex(story.seconds(2, { booting: 1 }).join(), /WATCHDOG=1/);
  t.regex(story.seconds(5, { target: 0 }).join(), /WATCHDOG=1/);
});

test('without a watchdog there are no signs of life', (t) => {
  t.deepEqual(Story.serving().seconds(100), []);
});

test('a slow start asks for more time, until it is over or has lasted too long', (t) => {
  const story = new Story();
  story.at({ moment: 'starting' });
  t.deepEqual(story.at({ moment: 'waiting' }), ['EXTEND_TIMEOUT_USEC=30000000']);
  story.now += 61 * SECOND;
  t.deepEqual(story.at({ moment: 'waiting' }), []);
  t.deepEqual(Story.serving().at({ moment: 'waiting' }), []);
});

test('a second arbiter is silent until it is promoted, and then is the main process', (t) => {
  const story = new Story({ watchdogUsec: 20 * SECOND });
  t.deepEqual(story.at({ moment: 'starting', parentPid: 7 }), []);
  t.deepEqual(story.at({ moment: 'waiting' }), []);
  t.deepEqual(story.at(counts({ ready: 3 })), []);
  t.deepEqual(story.at({ moment: 'ready' }), []);
  t.deepEqual(story.seconds(40), []);
  t.deepEqual(story.at({ moment: 'promoted', pid: 8 }), [
    'MAINPID=8',
    'READY=1',
    'STATUS=3 workers ready',
    'WATCHDOG=1',
  ]);
  t.true(story.seconds(10).includes('WATCHDOG=1'));
  t.is(story.at({ moment: 'stopping' })[0], 'STOPPING=1');
});

test('a second arbiter that is stopped again stops nothing else', (t) => {
  const story = new Story();
  story.at({ moment: 'starting', parentPid: 7 });
  t.deepEqual(story.at({ moment: 'stopping' }), []);
  t.deepEqual(story.at({ moment: 'stopped', exitCode: 0 }), []);
});

test('the first arbiter hands the service over as its last act, and does not stop it', (t) => {
  const story = Story.serving({ watchdogUsec: 4 * SECOND });
  t.deepEqual(story.at({ moment: 'stopping', successor: 8 }), [
    'STATUS=Upgraded, process 8 takes over: 3 workers to finish',
  ]);
  t.true(story.seconds(5, { draining: 2 }).includes('WATCHDOG=1'));
  t.deepEqual(story.at({ moment: 'stopped', exitCode: 0, successor: 8 }), ['MAINPID=8', 'WATCHDOG=1']);
});
