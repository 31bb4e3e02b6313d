import type { Socket } from 'node:net';
import { eventually } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { ask, CLEARTEXT, frameClient, http2Session } from '../http2-client.ts';

const STREAMS = 90;
const TURNS = 3;

/** So many turns of the event loop later, and then so many ticks. */
function after(turns: number, ticks: number, work: () => void): void {
  if (turns > 0) setImmediate(after, turns - 1, ticks, work);
  else if (ticks > 0) process.nextTick(after, 0, ticks - 1, work);
  else work();
}

test('a client that ends its side while its streams are broken off harms nobody, at whatever moment they are', async (t) => {
  let asked = 0;
  const { origin, port, server } = await serving(
    t,
    {
      kind: 'node',
      handler(request, response) {
        if (request.url === '/other') response.end();
        else {
          const place = asked++;
          const { carrier } = request.socket as unknown as { carrier: Socket };
          carrier.setMaxListeners(STREAMS + 10);
          carrier.once('end', () =>
            after(place % TURNS, Math.floor(place / TURNS), () => response.destroy()),
          );
        }
      },
    },
    CLEARTEXT,
  );
  const client = frameClient(t, port);
  for (let index = 0; index < STREAMS; index++) client.get(2 * index + 1);
  await eventually(() => asked === STREAMS);
  client.socket.end();
  await client.closes();
  t.is((await ask(http2Session(t, origin), { ':path': '/other' })).status, 200);
  await eventually(() => server.inFlight().length === 0);
});
