import { createHash } from 'node:crypto';
import type { Snapshot } from '@gunicorn-ts/metrics';
import test from 'ava';
import { readingOf } from '../../../metrics/test/unit/reading.ts';
import { snapshotOf } from '../../../metrics/src/snapshot.ts';
import { answerTo, type Question, type Source } from '../../src/answer.ts';

const QUESTION: Question = { method: 'GET', target: '/livez', host: 'localhost:9000', accept: undefined };

function source(
  change: Partial<Source> = {},
  snapshot: Snapshot = snapshotOf(readingOf()) as Snapshot,
): Source {
  return {
    snapshot: () => snapshot,
    facts: () => ({ wasReady: true, unservedSeconds: 0, bootTimeout: 60 }),
    history: () => [],
    isLocal: true,
    ...change,
  };
}

function withStage(stage: Partial<Snapshot['stage']>): Snapshot {
  const reading = readingOf();
  return snapshotOf({ ...reading, stage: { ...reading.stage, ...stage } }) as Snapshot;
}

const cases: readonly (readonly [
  what: string,
  question: Partial<Question>,
  source: Source,
  status: number,
])[] = [
  ['a server that serves lives', {}, source(), 200],
  ['HEAD is answered', { method: 'HEAD' }, source(), 200],
  ['POST is not', { method: 'POST' }, source(), 405],
  ['nor is DELETE of something that is there', { method: 'DELETE', target: '/status' }, source(), 405],
  ['a path that is not there', { target: '/reload' }, source(), 404],
  ['a path with a query', { target: '/livez?x=1' }, source(), 200],
  ['a numeric host', { host: '127.0.0.1:9000' }, source(), 200],
  ['a numeric host of IPv6', { host: '[::1]:9000' }, source(), 200],
  ['another name for this machine', { host: 'evil.example' }, source(), 403],
  ['another name, of a listener for others', { host: 'node-7.example' }, source({ isLocal: false }), 200],
  ['no host', { host: undefined }, source(), 200],
  ['readiness', { target: '/readyz' }, source(), 200],
  [
    'readiness when a stop was asked for',
    { target: '/readyz' },
    source({}, withStage({ phase: 'withdrawing' })),
    503,
  ],
  ['liveness when a stop was asked for', {}, source({}, withStage({ phase: 'withdrawing' })), 200],
  [
    'a start that is over, when a stop was asked for',
    { target: '/startupz' },
    source({}, withStage({ phase: 'stopping' })),
    200,
  ],
  [
    'liveness without a worker for long',
    {},
    source({ facts: () => ({ wasReady: true, unservedSeconds: 181, bootTimeout: 60 }) }),
    503,
  ],
  [
    'liveness without a worker, and without a limit for booting',
    {},
    source({ facts: () => ({ wasReady: true, unservedSeconds: 1e6, bootTimeout: 0 }) }),
    200,
  ],
  ['the status page', { target: '/status' }, source(), 200],
  ['the status for programs', { target: '/status.json' }, source(), 200],
];

for (const [what, question, from, status] of cases) {
  test(`${what}: ${status}`, (t) => {
    t.is(answerTo({ ...QUESTION, ...question }, from).status, status);
  });
}

test('OpenMetrics is for those who ask for it', (t) => {
  const plain = answerTo({ ...QUESTION, target: '/metrics' }, source());
  const open = answerTo(
    { ...QUESTION, target: '/metrics', accept: 'application/openmetrics-text;version=1.0.0' },
    source(),
  );
  t.regex(plain.headers['Content-Type'] ?? '', /^text\/plain; version=0\.0\.4/);
  t.regex(open.headers['Content-Type'] ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  t.regex(open.body, /# EOF\n$/);
});

test('the page shows what a client sent as text, and may load nothing', (t) => {
  const reading = readingOf((meter) =>
    meter.requestBegan('GET', '/<script>alert(1)</script>"\'&', performance.now()),
  );
  const { body, headers } = answerTo(
    { ...QUESTION, target: '/status' },
    source({}, snapshotOf(reading) as Snapshot),
  );
  t.false(body.includes('<script>alert'));
  t.true(body.includes('/&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;'));
  t.regex(headers['Content-Security-Policy'] ?? '', /^default-src 'none'; style-src 'sha256-/);
  t.is(body.match(/(?:src|href)=/g), null);
});

test('the browser takes the style and the script that the page came with', (t) => {
  const { body, headers } = answerTo({ ...QUESTION, target: '/status' }, source());
  for (const tag of ['style', 'script']) {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(body) ?? [];
    const hash = createHash('sha256').update(text).digest('base64');
    t.true(headers['Content-Security-Policy']?.includes(`${tag}-src 'sha256-${hash}'`), tag);
  }
});

test('the page calls a worker hung that stands still for more than five seconds, as top does', (t) => {
  const page = (lastBeat: number): string => {
    const reading = readingOf();
    const [only] = reading.workers;
    const workers = [{ ...only!, view: { ...only!.view, phase: 'ready', hung: false, lastBeat } as const }];
    const snapshot = snapshotOf({ ...reading, workers }) as Snapshot;
    return answerTo({ ...QUESTION, target: '/status' }, source({}, snapshot)).body;
  };
  const { nowMs } = readingOf();
  t.regex(page(nowMs - 6000), /class="worker hung"/);
  t.notRegex(page(nowMs - 4000), /class="worker hung"/);
});
