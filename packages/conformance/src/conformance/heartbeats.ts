import type { TestFn } from 'ava';
import { request } from '../request.ts';
import { startSubject, type Subject } from './subject.ts';

const TIMEOUT_S = 2;
const ATTEMPTS = 5;

export function heartbeats(test: TestFn, subject: Subject): void {
  const oneAtATime = subject.serves.concurrency === 'one';

  test.serial('a worker whose loop is blocked is killed, said where it hung, and replaced', async (t) => {
    const server = await startSubject(t, subject, { args: ['--timeout', String(TIMEOUT_S)] });
    // Under its name in the bundle: what is installed has no sources for Node.js to map to.
    const stack = /at blockTheLoop \(/;
    // The autopsy of a worker that got no processor time says just that; then the next one has to tell.
    for (let attempt = 1; attempt <= ATTEMPTS && server.matching(stack).length === 0; attempt++) {
      const from = server.lines.length;
      const stuck = Number((await request(server.url)).text);
      const stuckRequest = request(`${server.url}/block?ms=60000`);
      // Whoever serves one request at a time knows whose connection it is, and can be answered for.
      if (oneAtATime) t.is((await stuckRequest).status, 504);
      else await t.throwsAsync(stuckRequest);
      await server.waitFor(`WORKER TIMEOUT (pid:${stuck})`, { from });
      // All of its autopsy stands before the line about its end.
      await server.waitFor(new RegExp(`pid:${stuck}\\) was (killed by the arbiter|sent)`), { from });
      t.not(Number((await request(server.url)).text), stuck);
      const excused = server.matching(/short of processor time|no autopsy was received/, from).length > 0;
      t.true(server.matching(stack, from).length > 0 || excused, server.log());
    }
    t.true(server.matching(stack).length > 0);
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
