import type { ExecutionContext, TestFn } from 'ava';
import { processesGone } from '../process-table.ts';
import { request, type Response } from '../request.ts';
import type { Server } from '../server.ts';
import { startSubject, type Subject } from './subject.ts';

/** What follows from a signal takes two seconds at most, on a machine that has nothing else to do. */
const BUSY_MACHINE_MS = 20_000;

/** A request that the application holds until `release`. */
interface HeldRequest {
  readonly server: Server;
  readonly answer: Promise<Response>;
  release(): void;
}

async function startWithHeldRequest(t: ExecutionContext, subject: Subject): Promise<HeldRequest> {
  const server = await startSubject(t, subject);
  const file = server.folder.file('release');
  const answer = request(`${server.url}/until?file=${encodeURIComponent(file)}`);
  answer.catch(() => {});
  await server.waitFor('serving /until');
  return { server, answer, release: () => server.folder.write('release', '') };
}

export function stopping(test: TestFn, subject: Subject): void {
  test.serial('TERM lets the request in flight finish', async (t) => {
    const { server, answer, release } = await startWithHeldRequest(t, subject);
    server.signal('SIGTERM');
    await server.waitFor(/Handling signal: term/);
    release();
    t.is((await answer).text, 'done');
    t.is((await server.exit).code, 0);
  });

  test.serial('TERM to a worker: it takes nothing new, and another one does', async (t) => {
    const { server, answer, release } = await startWithHeldRequest(t, subject);
    const [draining = 0] = server.workers();
    const from = server.lines.length;
    process.kill(draining, 'SIGTERM');
    await server.waitFor(/Booting worker with pid/, { from });
    const { text } = await request(server.url);
    t.not(Number(text), draining);
    release();
    t.is((await answer).text, 'done');
  });

  test.serial('TERM ends the wait for a request that does not finish after gracefulTimeout', async (t) => {
    const server = await startSubject(t, subject, { args: ['--graceful-timeout', '1'] });
    const answer = request(`${server.url}/until?file=never`);
    await server.waitFor('serving /until');
    const started = performance.now();
    server.signal('SIGTERM');
    await t.throwsAsync(answer);
    await server.exit;
    t.true(performance.now() - started < 20_000, 'without the setting it would be half a minute');
  });

  test.serial('INT does not wait for the request in flight', async (t) => {
    const { server, answer } = await startWithHeldRequest(t, subject);
    const workers = server.workers();
    server.signal('SIGINT');
    await t.throwsAsync(answer);
    t.is((await server.exit).code, 0);
    await processesGone(workers, BUSY_MACHINE_MS);
    t.pass();
  });

  test.serial('a worker leaves by itself when the arbiter is killed', async (t) => {
    const server = await startSubject(t, subject, { args: ['--workers', '2'] });
    await server.waitFor(/Booting worker with pid/, { times: 2 });
    const workers = server.workers();
    t.is(workers.length, 2);
    server.signal('SIGKILL');
    await server.exit;
    await processesGone(workers, BUSY_MACHINE_MS);
  });
}
