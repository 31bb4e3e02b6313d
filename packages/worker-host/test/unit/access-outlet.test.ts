import type { OwnLogger, Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { AccessOutlet } from '../../src/access-outlet.ts';
import { OwnLoggerOutlet } from '../../src/own-logger.ts';

const settings = { accessLogExclude: [], accessLogSample: 1, accessLogSlow: 1 } as unknown as Settings;

test('a logger of its own writes what it has gathered when its worker hangs, if it gathers', (t) => {
  let written = 0;
  const outletOf = (logger: OwnLogger): AccessOutlet => {
    const outlet = new AccessOutlet(settings, undefined);
    outlet.offerTo(new OwnLoggerOutlet(logger, 'info'));
    return outlet;
  };
  outletOf({ access: () => undefined, flushStanding: () => (written += 1) }).flushStanding();
  t.is(written, 1);
  t.notThrows(() => outletOf({ access: () => undefined }).flushStanding());
});
