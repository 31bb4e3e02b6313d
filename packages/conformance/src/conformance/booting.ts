import { APPLICATION_KINDS } from '@gunicorn-ts/interface';
import type { TestFn } from 'ava';
import { request } from '../request.ts';
import { type SharedServer, startSubject, type Subject, usedKind } from './subject.ts';

export function booting(test: TestFn, subject: Subject, shared: SharedServer): void {
  const used = usedKind(subject);
  for (const kind of subject.kind === undefined ? APPLICATION_KINDS : [used]) {
    if (subject.serves.kinds.includes(kind)) {
      test.serial(`an application of kind ${kind} is served, by a worker`, async (t) => {
        const server = kind === used ? await shared(t) : await startSubject(t, subject, { kind });
        const { status, text } = await request(server.url);
        t.is(status, 200);
        t.deepEqual(server.workers(), [Number(text)]);
      });
    } else {
      test.serial(`an application of kind ${kind} is refused with exit code 4`, async (t) => {
        const server = await startSubject(t, subject, { kind, until: 'spawned' });
        const { code } = await server.exit;
        t.is(code, 4, server.log());
      });
    }
  }

  test.serial('every listener is served', async (t) => {
    const server = await startSubject(t, subject, { bind: ['127.0.0.1:0', '127.0.0.1:0', 'unix:app.sock'] });
    t.is(server.urls.length, 3);
    for (const url of server.urls) t.is((await request(url)).status, 200, url);
  });
}
