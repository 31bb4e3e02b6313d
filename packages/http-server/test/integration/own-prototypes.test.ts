import { once } from 'node:events';
import { createServer, IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { HttpRules } from '@gunicorn-ts/http';
import type { Application, WorkerContext } from '@gunicorn-ts/interface';
import test from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import { serviceOf } from '../../src/application/kind-service.ts';
import { Engine } from '../../src/engine.ts';
import { serving } from '../application.ts';
import { engineServer, listening, type Make, nodeServer, TRANSPORTS } from '../makers.ts';

type OwnApplication = RequestListener & {
  handle: RequestListener;
  request: object;
  response: object;
};

/** Says of both messages of a request which prototype they came with. */
function seen(request: IncomingMessage, response: ServerResponse): string {
  const nodes = [IncomingMessage.prototype, ServerResponse.prototype] as const;
  return [request, response]
    .map((message, index) => (Object.getPrototypeOf(message) === nodes[index] ? 'node' : 'own'))
    .join(' ');
}

/** As Express is made. Answers with what it got, and with what its prototypes say. */
function own(): OwnApplication {
  const application: OwnApplication = Object.assign(
    (request: IncomingMessage, response: ServerResponse) => application.handle(request, response),
    {
      handle(request: IncomingMessage, response: ServerResponse) {
        const came = seen(request, response);
        Object.setPrototypeOf(request, application.request);
        Object.setPrototypeOf(response, application.response);
        const { path } = request as unknown as { path: string };
        (response as unknown as { send(text: string): void }).send(`${came} ${path}`);
      },
      request: Object.create(IncomingMessage.prototype, {
        path: { get: (): string => 'path' },
      }) as object,
      response: Object.create(ServerResponse.prototype, {
        send: {
          value(this: ServerResponse, text: string): void {
            this.end(`${text} ${this instanceof ServerResponse}`);
          },
        },
      }) as object,
    },
  );
  return application;
}

const MAKERS: Readonly<Record<string, Make>> = Object.fromEntries(
  TRANSPORTS.map((transport) => [transport, engineServer(transport)]),
);

for (const [name, make] of Object.entries(MAKERS)) {
  test(`${name}: messages have the prototypes of the application that alone is called, from the beginning`, async (t) => {
    const port = await listening(t, make({}, own()));
    const answers = [1, 2].map(async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
    t.deepEqual(await Promise.all(answers), ['own own path true', 'own own path true']);
  });

  test(`${name}: whoever stands in front of it, or beside it, sees Node's own`, async (t) => {
    const application = own();
    const wrapped = await listening(
      t,
      make({}, (request, response) => application(request, response)),
    );
    t.is(await (await fetch(`http://127.0.0.1:${wrapped}/`)).text(), 'node node path true');

    const server = make({}, own());
    const port = await listening(t, server);
    t.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'own own path true');
    let besides = '';
    server.prependListener('request', (request, response) => (besides = seen(request, response)));
    t.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'node node path true');
    t.is(besides, 'node node');
  });
}

test('a request for another protocol is no message of the application', async (t) => {
  for (const make of [nodeServer, engineServer('descriptor')]) {
    const server = make({}, own());
    server.on('upgrade', (request, socket) => {
      Object.assign(request, { path: 'written' });
      const isNodes = Object.getPrototypeOf(request) === IncomingMessage.prototype;
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\n\r\n${(request as unknown as { path: string }).path} ${isNodes}`,
      );
    });
    const socket = connect({ port: await listening(t, server), host: '127.0.0.1' });
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    t.regex(await text(socket), /written true$/);
  }
});

test("a server's own classes make the messages until the application replaces what they are", async (t) => {
  class Request extends IncomingMessage {
    readonly mark = 'marked';
  }
  for (const make of [nodeServer, engineServer('descriptor')]) {
    const application = own();
    let mark: unknown;
    application.handle = (request, response) => {
      mark = (request as Request).mark;
      response.end(seen(request, response));
    };
    const port = await listening(t, make({ IncomingMessage: Request }, application));
    await fetch(`http://127.0.0.1:${port}/`);
    t.is(mark, 'marked');
  }
});

const WORKERS: Readonly<Record<string, () => Application>> = {
  'an application': () => ({ kind: 'node', handler: own() }),
  'the application of its server': () => {
    const server = createServer(own());
    return {
      kind: 'node',
      handler: (request, response) => server.emit('request', request, response),
      server,
    };
  },
};

for (const [name, make] of Object.entries(WORKERS)) {
  test(`in a worker ${name} is given its prototypes`, async (t) => {
    const { origin } = await serving(t, make());
    t.is(await (await fetch(origin)).text(), 'own own path true');
  });
}

test('a response whose prototype was replaced asks, too, before its head is written', async (t) => {
  const order: string[] = [];
  const handler: RequestListener = (_request, response) => {
    Object.setPrototypeOf(response, Object.create(ServerResponse.prototype) as object);
    order.push('called');
    // As those do who wrap a response.
    const made = Object.create(response) as typeof response;
    made.writeHead(200);
    response.write('a part');
    order.push('written');
    response.end();
  };
  const settings = defaultSettings();
  const context = { application: { kind: 'node', handler }, settings, hooks: {}, requestFinished() {} };
  const { service } = await serviceOf({
    context: context as unknown as WorkerContext,
    isAlone: true,
    gate: {
      arrived: (request) => void request.run(),
      takeBack: () => order.push('asked') > 0,
    },
  });
  const engine = new Engine({ service, rules: new HttpRules(settings) });
  const front = createTcpServer((socket) => engine.serveStream(socket)).listen(0, '127.0.0.1');
  t.teardown(() => front.close());
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  t.is(
    await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text(),
    'a part',
  );
  t.deepEqual(order, ['called', 'asked', 'written']);
});
