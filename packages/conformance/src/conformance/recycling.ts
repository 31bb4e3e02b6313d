import type { TestFn } from 'ava';
import { startLoad } from '@gunicorn-ts/load';
import { startSubject, type Subject } from './subject.ts';

export function recycling(test: TestFn, subject: Subject): void {
  test.serial('a worker is replaced after maxRequests, and no request is lost', async (t) => {
    const server = await startSubject(t, subject, { args: ['--workers', '2', '--max-requests', '40'] });
    const load = startLoad({
      url: server.url,
      newConnections: 3,
      keepAlive: subject.serves.keepAlive ? 4 : 0,
    });
    const booted = (): number => server.matching(/Booting worker with pid/).length;
    for (let round = 0; booted() < 5 && round < 50; round += 1) await load.more(40);
    const { failures } = await load.stop();
    t.deepEqual(failures, []);
    t.true(booted() >= 5, server.log());
  });
}
