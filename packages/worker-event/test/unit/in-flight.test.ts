import type { ServerResponse } from 'node:http';
import test from 'ava';
import { InFlight } from '../../src/in-flight.ts';

const response = (url: string): ServerResponse =>
  ({ req: { method: 'GET', url, socket: { remoteAddress: '10.0.0.9' } } }) as ServerResponse;

const targets = (inFlight: InFlight): string[] => inFlight.summaries().map(({ target }) => target);

test('requests are listed in the order of their heads', (t) => {
  const inFlight = new InFlight();
  for (const url of ['/a', '/b', '/c']) inFlight.add(response(url));
  t.deepEqual(targets(inFlight), ['/a', '/b', '/c']);
  t.like(inFlight.summaries()[0], { method: 'GET', peer: '10.0.0.9' });
});

for (const [gone, left] of [
  ['/a', ['/b', '/c']],
  ['/b', ['/a', '/c']],
  ['/c', ['/a', '/b']],
] as const) {
  test(`${gone} of /a, /b and /c can be removed, and another one added`, (t) => {
    const inFlight = new InFlight();
    const all = ['/a', '/b', '/c'].map(response);
    for (const one of all) inFlight.add(one);
    inFlight.remove(all.find(({ req }) => req.url === gone)!);
    t.deepEqual(targets(inFlight), [...left]);
    inFlight.add(response('/d'));
    t.deepEqual(targets(inFlight), [...left, '/d']);
  });
}

test('a request is removed once, and tells then when it began', (t) => {
  const inFlight = new InFlight();
  const one = response('/');
  const before = performance.now();
  t.is(inFlight.remove(one), undefined);
  inFlight.add(one);
  const began = inFlight.remove(one);
  t.true(began !== undefined && began >= before && began <= performance.now());
  t.is(inFlight.remove(one), undefined);
  t.deepEqual(targets(inFlight), []);
});

test('the request that a walk has come to may be removed', (t) => {
  const inFlight = new InFlight();
  for (const url of ['/a', '/b', '/c']) inFlight.add(response(url));
  const seen: (string | undefined)[] = [];
  for (const one of inFlight.responses()) {
    seen.push(one.req.url);
    inFlight.remove(one);
  }
  t.deepEqual(seen, ['/a', '/b', '/c']);
  t.deepEqual(targets(inFlight), []);
});

test('a response that is kept does not keep those that came behind it', (t) => {
  const inFlight = new InFlight();
  const kept = response('/kept');
  inFlight.add(kept);
  inFlight.add(response('/next'));
  inFlight.remove(kept);
  const values = Object.getOwnPropertySymbols(kept).map((key) => (kept as never)[key] as unknown);
  t.true(values.every((value) => typeof value !== 'object'));
});
