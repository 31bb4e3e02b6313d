import type { TestFn } from 'ava';
import { request } from '../request.ts';
import { startSubject, type Subject } from './subject.ts';

const TIMEOUT_S = 2;

export function heartbeats(test: TestFn, subject: Subject): void {
  const oneAtATime = subject.serves.concurrency === 'one';

  test.serial('a worker whose loop is blocked is killed, said where it hung, and replaced', async (t) => {
    const server = await startSubject(t, subject, { args: ['--timeout', String(TIMEOUT_S)] });
    const [stuck = 0] = server.workers();
    const stuckRequest = request(`${server.url}/block?ms=60000`);
    // Whoever serves one request at a time knows whose connection it is, and can be answered for.
    if (oneAtATime) t.is((await stuckRequest).status, 504);
    else await t.throwsAsync(stuckRequest);
    await server.waitFor(new RegExp(`WORKER TIMEOUT \\(pid:${stuck}\\)`));
    await server.waitFor(/blockTheLoop.*routes\.ts:\d+/);
    const { text } = await request(server.url);
    t.not(Number(text), stuck);
  });

  if (oneAtATime) requestsInTime(test, subject);
  else livingWorkers(test, subject);
}

function requestsInTime(test: TestFn, subject: Subject): void {
  test.serial(
    'a request that takes longer than the timeout is answered 504, and its worker is replaced',
    async (t) => {
      const server = await startSubject(t, subject, { args: ['--timeout', String(TIMEOUT_S)] });
      const [slow = 0] = server.workers();
      const { status } = await request(`${server.url}/busy?ms=${TIMEOUT_S * 2000}`);
      t.is(status, 504);
      await server.waitFor(/GET \/busy\S* is not answered after 2 s/);
      const { text } = await request(server.url);
      t.not(Number(text), slow);
    },
  );
}

function livingWorkers(test: TestFn, subject: Subject): void {
  test.serial('a worker that is busy for longer than the timeout, but lives, is left alone', async (t) => {
    const server = await startSubject(t, subject, { args: ['--timeout', String(TIMEOUT_S)] });
    const { status, text } = await request(`${server.url}/busy?ms=${TIMEOUT_S * 2000}`);
    t.is(status, 200);
    t.is(text, 'still here');
    t.deepEqual(server.matching(/WORKER TIMEOUT/), []);
  });
}
