import test from 'ava';
import { Session } from '../../src/client/session.ts';
import { FakeArbiter } from './fake-arbiter.ts';

const QUIET = { seconds: 5, onProgress: () => {} };

function asks(arbiter: FakeArbiter, times = 1): Promise<void> {
  return new Promise((resolve) => {
    const look = (): unknown => (arbiter.asked.length >= times ? resolve() : setImmediate(look));
    look();
  });
}

test('who asks is said by the kernel', async (t) => {
  const arbiter = new FakeArbiter(t);
  const session = await Session.open(arbiter.path);
  await session.ask('reload', {});
  t.deepEqual(arbiter.asked, [[{ ask: 'reload' }, `uid ${process.geteuid?.()}, pid ${process.pid}`]]);
  session.close();
});

test('a reload ends with the reason when it is refused', async (t) => {
  const arbiter = new FakeArbiter(t);
  const session = await Session.open(arbiter.path);
  const outcome = session.undertake('reload', {}, QUIET);
  await asks(arbiter);
  arbiter.tell({ moment: 'reloading' });
  arbiter.tell({ moment: 'reloaded', error: 'bind: nonsense' });
  await t.throwsAsync(outcome, { code: 'ERR_SERVER_REFUSED', message: 'reload: bind: nonsense' });
  session.close();
});

test('a reload is through when all workers are new, and accepted before', async (t) => {
  const arbiter = new FakeArbiter(t);
  const session = await Session.open(arbiter.path);
  const heard: string[] = [];
  const complete = session.undertake('reload', {}, { seconds: 5, onProgress: (text) => heard.push(text) });
  const accepted = session.undertake('reload', { until: 'accepted' }, QUIET);
  await asks(arbiter, 2);
  arbiter.tell({ moment: 'renewed', generation: 3 });
  arbiter.tell({ moment: 'reloading' });
  arbiter.tell({ moment: 'reloaded' });
  t.deepEqual(await accepted, { generation: 4 });
  arbiter.counts(2);
  arbiter.tell({ moment: 'renewed', generation: 4 });
  t.deepEqual(await complete, { generation: 4, workers: 2 });
  t.is(heard[0], 'loading settings and application');
  session.close();
});

test('a number of workers is reached when so many serve and none comes or goes', async (t) => {
  const arbiter = new FakeArbiter(t);
  arbiter.counts(2);
  const session = await Session.open(arbiter.path);
  const outcome = session.undertake('scale', { by: 1 }, QUIET);
  await asks(arbiter);
  t.deepEqual(arbiter.asked[0]?.[0], { ask: 'scale', workers: 3 });
  session.close();
  await t.throwsAsync(outcome, { code: 'ERR_CONNECTION_LOST' });
  const again = await Session.open(arbiter.path);
  arbiter.target = 3;
  arbiter.counts(2);
  const reached = again.undertake('scale', { workers: 3 }, QUIET);
  await asks(arbiter, 2);
  arbiter.counts(3, 0, 1);
  arbiter.counts(3);
  t.deepEqual(await reached, { workers: 3 });
  again.close();
});

test('what the arbiter refuses is answered with its reason', async (t) => {
  const arbiter = new FakeArbiter(t);
  arbiter.refusal = 'the server is stopping';
  const session = await Session.open(arbiter.path);
  await t.throwsAsync(session.undertake('reload', {}, QUIET), { message: 'reload: the server is stopping' });
  await t.throwsAsync(session.ask('reopen'), { message: 'reopen: the server is stopping' });
  session.close();
});

test('values of the environment are not shown', async (t) => {
  const arbiter = new FakeArbiter(t);
  const session = await Session.open(arbiter.path);
  const settings = await session.ask<{ rawEnv: string[] }>('settings');
  t.deepEqual(settings.rawEnv, ['KEY=***']);
  session.close();
});

test('a wait has an end', async (t) => {
  const arbiter = new FakeArbiter(t);
  const session = await Session.open(arbiter.path);
  const outcome = session.undertake('stop', {}, { seconds: 0.05, onProgress: () => {} });
  await t.throwsAsync(outcome, { code: 'ERR_NO_OUTCOME' });
  session.close();
});
