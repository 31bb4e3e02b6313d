import type { WsgiBody, WsgiStartResponse } from '@gunicorn-ts/interface';
import test from 'ava';
import { fetch } from 'undici';
import { startWorker } from './running-worker.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

const MISTAKES: Record<string, [handler: (startResponse: WsgiStartResponse) => unknown, message: RegExp]> = {
  'calling start_response twice': [
    (startResponse) => {
      startResponse('200 OK', []);
      startResponse('200 OK', []);
    },
    /second time, without exc_info/,
  ],
  'not calling start_response': [() => [bytes('x')], /did not call start_response/],
  'returning nothing': [(startResponse) => void startResponse('200 OK', []), /returned undefined/],
  'returning text': [
    (startResponse) => {
      startResponse('200 OK', []);
      return 'text';
    },
    /returned string/,
  ],
  'returning bytes outside of an array': [
    (startResponse) => {
      startResponse('200 OK', []);
      return bytes('x');
    },
    /returned bytes/,
  ],
  'yielding text': [
    (startResponse) => {
      startResponse('200 OK', []);
      return ['a', 'b'];
    },
    /gave a string; encode text/,
  ],
  'an illegal header': [
    (startResponse) => {
      startResponse('200 OK', [['a b', 'c']]);
      return [];
    },
    /a b/,
  ],
};

for (const [mistake, [handler, message]] of Object.entries(MISTAKES)) {
  test(`${mistake} is answered with 500 and explained in the log`, async (t) => {
    const { origin, logged } = await startWorker(t, {
      kind: 'wsgi',
      handler: (_environ, startResponse) => handler(startResponse) as WsgiBody,
    });
    const response = await fetch(origin);
    t.is(response.status, 500);
    t.is(await response.text(), '500 Internal Server Error\n');
    t.regex(logged[0]?.message ?? '', message);
  });
}
