import type { Application, Meter } from '@gunicorn-ts/interface';
import { rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { serving } from '../application.ts';
import { TRANSPORTS } from '../makers.ts';

/** How many requests are under way, by what was counted. */
class Count implements Meter {
  underWay = 0;
  connectionOpened(): void {}
  connectionClosed(): void {}
  transferred(): void {}
  waited(): void {}
  requestBegan(): void {}
  requestLeft(): void {}
  requestRefused(): void {}
  requestTimedOut(): void {}
  requestArrived(): void {
    this.underWay++;
  }
  requestEnded(): void {
    this.underWay--;
  }
}

const BODY = 'answered';

/** Answers `/`, and looks at the count when it is asked for something else. */
const APPLICATIONS: Readonly<Record<string, (look: () => void) => Application>> = {
  node: (look) => ({
    kind: 'node',
    handler: (request, response) => {
      if (request.url !== '/') look();
      response.end(BODY);
    },
  }),
  // What goes on behind a promise is done before anything that waits for the next turn.
  'node, in a promise': (look) => ({
    kind: 'node',
    handler: async (request, response) => {
      await undefined;
      if (request.url !== '/') look();
      response.end(BODY);
    },
  }),
  fetch: (look) => ({
    kind: 'fetch',
    handler: (request) => {
      if (!request.url.endsWith('/')) look();
      return new Response(BODY);
    },
  }),
  wsgi: (look) => ({
    kind: 'wsgi',
    handler: (environ, startResponse) => {
      if (environ['PATH_INFO'] !== '/') look();
      startResponse('200 OK', [['Content-Length', String(BODY.length)]]);
      return [Buffer.from(BODY)];
    },
  }),
};

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

for (const [kind, make] of Object.entries(APPLICATIONS)) {
  for (const transport of TRANSPORTS) {
    test(`${kind}, ${transport}: a request that is answered counts as ended while the next one keeps the event loop`, async (t) => {
      const meter = new Count();
      const seen: number[] = [];
      const { port } = await serving(
        t,
        make(() => seen.push(meter.underWay)),
        { meter, transport },
      );
      const clients = [rawClient(t, port), rawClient(t, port)] as const;
      // Both are known to the server before they ask in one turn of it.
      for (const client of clients) await client.send(get('/')).receives(BODY);
      clients[0].send(get('/'));
      clients[1].send(get('/look'));
      await Promise.all(clients.map((client) => client.receives(BODY, 2)));
      t.deepEqual(seen, [1]);
    });
  }
}
