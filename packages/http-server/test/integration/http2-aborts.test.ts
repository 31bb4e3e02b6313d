import { eventually } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { ask, CLEARTEXT, http2Session } from '../http2-client.ts';

const CANCEL = 8;

/** As if by chance, and the same each time. */
function* chances(): Generator<number> {
  for (let seed = 1; ; seed = (seed * 16_807) % 2_147_483_647) yield seed / 2_147_483_647;
}

for (const kind of ['node', 'fetch'] as const) {
  test(`${kind}: nothing is left of requests and connections that are given up at any moment`, async (t) => {
    const large = Buffer.alloc(300_000);
    const { origin, server, finished } = await serving(
      t,
      kind === 'fetch'
        ? { kind, handler: async (request) => new Response((await request.text()) + large.toString()) }
        : {
            kind,
            handler(request, response) {
              request.resume().on('end', () => response.end(large));
              request.on('error', () => {});
            },
          },
      CLEARTEXT,
    );
    const random = chances();
    const chance = (): number => random.next().value as number;
    let sent = 0;
    for (let round = 0; round < 20; round++) {
      const session = http2Session(t, origin);
      const streams = Array.from({ length: 20 }, () => {
        sent++;
        const stream = session.request({ ':method': 'POST' });
        stream.on('error', () => {});
        stream.resume();
        stream.write(Buffer.alloc(Math.floor(chance() * 100_000)));
        if (chance() < 0.7) stream.end();
        if (chance() < 0.6) setTimeout(() => stream.close(CANCEL), chance() * 20);
        return stream;
      });
      await new Promise((resolve) => streams[0]!.once('close', resolve).end());
      if (chance() < 0.5) session.destroy();
      else for (const stream of streams) stream.close(CANCEL);
      session.close();
    }
    await eventually(() => server.engine.connections.size === 0);
    t.deepEqual(server.inFlight(), []);
    // One that was given up before its head had come is none.
    t.true(finished.length <= sent && finished.length > 0);
    t.is((await ask(http2Session(t, origin), { ':method': 'POST' }, 'a')).status, 200);
  });
}
