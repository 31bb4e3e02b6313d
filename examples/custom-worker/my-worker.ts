import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import {
  defineSetting,
  defineWorker,
  type AccessRecord,
  type RequestSummary,
  type Worker,
  type WorkerContext,
} from '@gunicorn-ts/interface';

declare module '@gunicorn-ts/interface' {
  interface Settings {
    /** What every answer says in its `X-Greeting` header. Default: `hello`. */
    greeting: string;
  }
}

const greeting = defineSetting<string>({
  key: 'greeting',
  section: 'Greeting',
  describe: 'What every answer says in its X-Greeting header.',
  default: 'hello',
  parse(value) {
    if (typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)) return value;
    throw new Error(`must be a text of printable ASCII characters, not ${JSON.stringify(value)}`);
  },
  flag: { names: ['--greeting'], kind: 'value', metavar: 'TEXT' },
});

/** Serves `(req, res)` applications through `node:http`, with a connection for each request. */
export default defineWorker({
  name: 'my-worker',
  interfaceVersion: 1,
  settings: [greeting],
  serves: { kinds: ['node'], concurrency: 'many', keepAlive: false, tls: false },
  // Whoever sets one of these is told that it does nothing here.
  ignores: [
    'requestTimeout',
    'workerConnections',
    'limitRequestBody',
    'forwardedAllowIps',
    'proxyProtocol',
    'preRequest',
    'postRequest',
  ],

  async start(context): Promise<Worker> {
    const inFlight = new Map<IncomingMessage, number>();
    const servers = context.listeners.map(() => http.createServer(serve(context, inFlight)));
    await Promise.all(servers.map((server, index) => listen(server, context.listeners[index]!.fd)));
    return {
      async drain() {
        await Promise.all(servers.map(stopAccepting));
      },
      inFlight: () => Array.from(inFlight, ([request, since]) => summary(request, since)),
    };
  },
});

function serve(context: WorkerContext, inFlight: Map<IncomingMessage, number>): http.RequestListener {
  const { application, settings } = context;
  if (application.kind !== 'node')
    throw new Error(`The arbiter let an application of kind ${application.kind} pass`);
  return (request, response) => {
    const since = performance.now();
    const bytes = countBody(response);
    inFlight.set(request, since);
    response.once('close', () => {
      inFlight.delete(request);
      context.requestFinished(context.accessLog ? record(request, response, bytes(), since) : undefined);
    });
    response.setHeader('Connection', 'close');
    response.setHeader('X-Greeting', settings.greeting);
    void application.handler(request, response);
  };
}

function listen(server: http.Server, fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ fd }, resolve);
  });
}

function stopAccepting(server: http.Server): Promise<void> {
  // http.Server#close would also destroy connections whose request has not arrived yet.
  return new Promise((resolve) => {
    net.Server.prototype.close.call(server, () => resolve());
  });
}

/** Counts what the application writes, since Node only counts it together with the head. */
function countBody(response: ServerResponse): () => number {
  let bytes = 0;
  const { write, end } = response;
  const count = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) bytes += Buffer.byteLength(chunk);
  };
  response.write = (...parameters: unknown[]) => {
    count(parameters[0]);
    return Reflect.apply(write, response, parameters) as boolean;
  };
  response.end = (...parameters: unknown[]) => {
    count(parameters[0]);
    return Reflect.apply(end, response, parameters) as ServerResponse;
  };
  return () => bytes;
}

function summary(request: IncomingMessage, since: number): RequestSummary {
  return {
    method: request.method ?? '',
    target: (request.url ?? '').slice(0, 200),
    ageMs: performance.now() - since,
    peer: request.socket.remoteAddress ?? '',
  };
}

function record(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: number,
  since: number,
): AccessRecord {
  return {
    remoteAddress: request.socket.remoteAddress ?? '',
    method: request.method ?? '',
    target: request.url ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    status: response.statusCode,
    bytes,
    durationMs: performance.now() - since,
    requestHeader: (name) => request.headers[name.toLowerCase()]?.toString(),
    responseHeader: (name) => response.getHeader(name)?.toString(),
  };
}
