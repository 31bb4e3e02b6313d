import test from 'ava';
import { expiryOf, type Expiry, type Timing } from '../../src/connection/deadline.ts';
import type { Limits } from '../../src/connection/limits.ts';
import { sweepInterval } from '../../src/loop/sweeper.ts';

const LIMITS: Limits = {
  headMs: 100,
  bodyMs: 200,
  requestMs: 400,
  answerMs: 1000,
  writeMs: 300,
  keepAliveMs: 50,
  lingerMs: 20,
};

/** Everything happened at 0. */
const timing = ({ pending = 0, ...changed }: Partial<Timing> & { pending?: number }): Timing => ({
  stage: 'serving',
  since: 0,
  requestSince: 0,
  isReceiving: false,
  ...changed,
  transport: changed.transport ?? { lastRead: 0, lastWrite: 0, pending },
});

const CASES: readonly (readonly [title: string, Timing, at: number, Expiry | undefined])[] = [
  ['a silent client may still say what it wants', timing({ stage: 'fresh' }), 99, undefined],
  ['a silent client has had its time', timing({ stage: 'fresh' }), 100, 'head'],
  ['half a head has had its time', timing({ stage: 'head' }), 100, 'head'],
  ['who was refused is not waited for any longer', timing({ stage: 'refused' }), 100, 'head'],
  ['a body that goes on arriving may', receiving(150), 300, undefined],
  ['a body that stands still', receiving(100), 300, 'body'],
  ['a body that arrives for too long', receiving(399), 400, 'body'],
  ['a body that the application does not take', timing({ isReceiving: false }), 999, undefined],
  ['an application that does not answer', timing({}), 1000, 'answer'],
  ['a client that reads nothing of its answer', timing({ pending: 1 }), 300, 'read'],
  ['a client that has read something of it', wrote(100), 300, undefined],
  ['an idle connection that may still be used', timing({ stage: 'idle' }), 49, undefined],
  ['an idle connection', timing({ stage: 'idle' }), 50, 'stay'],
  ['the rest of a body that nobody wants', timing({ stage: 'rest' }), 20, 'stay'],
  ['a farewell', timing({ stage: 'closing' }), 20, 'stay'],
  ['the farewell of a client that sends on', leaving(85), 99, undefined],
  ['the farewell of a client that sends on and on', leaving(99), 100, 'stay'],
  ['a farewell that waits for the client to read', timing({ stage: 'closing', pending: 1 }), 100, undefined],
  ['what has left HTTP', timing({ stage: 'released' }), 1e9, undefined],
];

for (const [title, state, now, expiry] of CASES) {
  test(`${title}: at ${now} ms ${expiry ?? 'nothing'} is over`, (t) => {
    t.is(expiryOf(state, LIMITS, now), expiry);
  });
}

test('a limit of 0 is none', (t) => {
  const none: Limits = { ...LIMITS, headMs: 0, requestMs: 0 };
  t.is(expiryOf(timing({ stage: 'fresh' }), none, 1e9), undefined);
});

test('deadlines are looked at as often as the shortest needs, and no timer runs wild', (t) => {
  t.is(sweepInterval(60_000), 1000);
  t.is(sweepInterval(400), 100);
  t.is(sweepInterval(1), 10);
});

function receiving(lastRead: number): Timing {
  return timing({ isReceiving: true, transport: { lastRead, lastWrite: 0, pending: 0 } });
}

function leaving(lastRead: number): Timing {
  return timing({ stage: 'closing', transport: { lastRead, lastWrite: 0, pending: 0 } });
}

function wrote(lastWrite: number): Timing {
  return timing({ transport: { lastRead: 0, lastWrite, pending: 1 } });
}
