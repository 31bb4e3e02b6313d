import type { Application } from '@gunicorn-ts/interface';
import { eventually } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { ACK, ask, CLEARTEXT, cleartext, FRAME, frameClient, http2Session } from '../http2-client.ts';

const LAST_POSSIBLE = 0x7fff_ffff;

/** Answers each request when it is told to. */
function held(): { readonly application: Application; readonly answers: (() => void)[] } {
  const answers: (() => void)[] = [];
  const handler = (): Promise<Response> =>
    new Promise((resolve) => answers.push(() => resolve(new Response('late'))));
  return { application: { kind: 'fetch', handler }, answers };
}

test('a drain asks clients to go, takes what was on its way, and finishes what runs', async (t) => {
  const { application, answers } = held();
  const { port, server } = await serving(t, application, CLEARTEXT);
  const client = frameClient(t, port).get(1);
  await eventually(() => answers.length === 1);
  const draining = server.drain(20_000);
  const [notice] = await client.receives(FRAME.goaway);
  t.is(notice?.payload.readUInt32BE(0), LAST_POSSIBLE);
  // A client that has not read that yet.
  client.get(3);
  const [ping] = await client.receives(FRAME.ping);
  client.send(FRAME.ping, { flags: ACK, payload: ping!.payload });
  await eventually(() => answers.length === 2);
  const [, last] = await client.receives(FRAME.goaway, 2);
  t.deepEqual([last?.payload.readUInt32BE(0), last?.payload.readUInt32BE(4)], [3, 0]);
  for (const answer of answers) answer();
  await client.receives(FRAME.data, 2);
  t.deepEqual(
    client.of(FRAME.headers).map(({ stream }) => stream),
    [1, 3],
  );
  await Promise.all([draining, client.closes()]);
});

test('a connection that is idle is not waited for long', async (t) => {
  const { port, server } = await serving(
    t,
    { kind: 'fetch', handler: () => new Response('ok') },
    cleartext({ keepalive: 60 }),
  );
  const used = frameClient(t, port).get(1);
  await used.receives(FRAME.data);
  const silent = frameClient(t, port);
  await silent.receives(FRAME.settings);
  await server.drain(20_000);
  await Promise.all([used.closes(), silent.closes()]);
  t.is(used.of(FRAME.goaway).at(-1)?.payload.readUInt32BE(0), 1);
});

test('what is not answered at the deadline is cut, and counts as that', async (t) => {
  const { application, answers } = held();
  const { origin, server, finished } = await serving(t, application, cleartext({}, { accessLog: true }));
  const asked = ask(http2Session(t, origin), {});
  await eventually(() => answers.length === 1);
  await server.drain(300);
  t.is((await asked).status, 0);
  await eventually(() => finished.length === 1);
  t.is(finished[0]?.status, 503);
  await eventually(() => server.engine.connections.size === 0);
});

test('a connection that comes while the worker drains is served, and asked to go', async (t) => {
  const { application, answers } = held();
  const { port, origin, server } = await serving(t, application, CLEARTEXT);
  const first = ask(http2Session(t, origin), {});
  await eventually(() => answers.length === 1);
  const late = frameClient(t, port);
  const draining = server.drain(20_000);
  late.get(1);
  await eventually(() => answers.length === 2);
  for (const answer of answers) answer();
  t.is((await first).body, 'late');
  await late.receives(FRAME.data);
  await Promise.all([draining, late.closes()]);
});

test('workerConnections counts connections, and not the streams on them', async (t) => {
  const { application, answers } = held();
  const { origin, server } = await serving(
    t,
    application,
    cleartext({ workerConnections: 2, keepalive: 60 }),
  );
  const session = http2Session(t, origin);
  const asked = Array.from({ length: 5 }, () => ask(session, {}));
  await eventually(() => answers.length === 5);
  const second = http2Session(t, origin);
  const further = ask(second, {});
  await eventually(() => answers.length === 6);
  // The kernel keeps it: the worker is at its limit.
  const third = ask(http2Session(t, origin), {});
  for (const answer of answers) answer();
  t.deepEqual(new Set((await Promise.all([...asked, further])).map(({ body }) => body)), new Set(['late']));
  t.is(answers.length, 6);
  second.close();
  await eventually(() => answers.length === 7);
  answers[6]?.();
  t.is((await third).body, 'late');
  t.true(server.engine.connections.size <= 2);
});
