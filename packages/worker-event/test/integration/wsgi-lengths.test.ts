import type { WsgiBody, WsgiHandler } from '@gunicorn-ts/interface';
import { rawClient } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { startWorker } from './running-worker.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

async function exchange(t: ExecutionContext, handler: WsgiHandler, request = GET): Promise<string> {
  const { port } = await startWorker(t, { kind: 'wsgi', handler });
  return rawClient(t, port).send(request).closes();
}

test('a Content-Length is told of what is known, and of nothing else', async (t) => {
  const answer =
    (body: WsgiBody, status = '200 OK'): WsgiHandler =>
    (_environ, startResponse) => {
      startResponse(status, [['Content-Type', 'text/plain']]);
      return body;
    };
  const head = GET.replace('GET', 'HEAD');
  t.notRegex(await exchange(t, answer([]), head), /Content-Length|chunked/);
  t.notRegex(await exchange(t, answer([Buffer.from('')]), head), /Content-Length|chunked/);
  t.notRegex(await exchange(t, answer([].values()), head), /Content-Length/);
  t.notRegex(await exchange(t, answer([], '204 No Content')), /Content-Length|chunked/);
  t.notRegex(await exchange(t, answer([], '304 Not Modified'), head), /Content-Length|chunked/);
  t.regex(await exchange(t, answer([])), /Content-Length: 0\r\n/);
  t.regex(await exchange(t, answer([Buffer.from('body')]), head), /Content-Length: 4\r\n/);
});
