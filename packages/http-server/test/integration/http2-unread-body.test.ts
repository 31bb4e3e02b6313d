import type { Application } from '@gunicorn-ts/interface';
import test from 'ava';
import { serving } from '../application.ts';
import { CLEARTEXT, END_HEADERS, END_STREAM, FRAME, frameClient } from '../http2-client.ts';

/** `POST / HTTP/2` for the host `a`, in HPACK. */
const POST_BLOCK = Buffer.from([0x83, 0x84, 0x86, 0x41, 0x01, 0x61]);
const NO_ERROR = Buffer.alloc(4);

/** Each begins its answer, and ends it a while later. */
const UNREADING: Readonly<Record<string, (goOn: Promise<void>) => Application>> = {
  node: (goOn) => ({
    kind: 'node',
    handler: (_request, response) => {
      response.write('begin');
      void goOn.then(() => response.end('end'));
    },
  }),
  fetch: (goOn) => ({
    kind: 'fetch',
    handler: () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(Buffer.from('begin'));
          await goOn;
          controller.enqueue(Buffer.from('end'));
          controller.close();
        },
      });
      return new Response(body);
    },
  }),
};

for (const [kind, application] of Object.entries(UNREADING)) {
  test(`${kind}: a client that goes on sending what nobody reads has its whole answer before the rest is refused`, async (t) => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>();
    const { port } = await serving(t, application(goOn), CLEARTEXT);
    const client = frameClient(t, port);
    client.send(FRAME.headers, { flags: END_HEADERS, stream: 1, payload: POST_BLOCK });
    const send = (): unknown => client.send(FRAME.data, { stream: 1, payload: Buffer.alloc(3000) });
    send();
    await client.receives(FRAME.data);
    resolve();
    for (let more = 0; more < 5; more++) {
      send();
      await new Promise((next) => setImmediate(next));
    }
    const [reset] = await client.receives(FRAME.reset);
    t.deepEqual(reset!.payload, NO_ERROR);
    t.is(Buffer.concat(client.of(FRAME.data).map(({ payload }) => payload)).toString(), 'beginend');
    t.is(client.of(FRAME.data).at(-1)!.flags, END_STREAM);
    t.true(client.frames.indexOf(client.of(FRAME.data).at(-1)!) < client.frames.indexOf(reset!));
  });
}
