// Loaded before a suite: from here on the servers of `node:http` are those of the engine. SUITES_TRANSPORT says how
// their bytes come and go; SUITES_WITNESS names the file that gets a line for each.
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, Server, type ServerOptions } from '@gunicorn-ts/http-server';

const transport = (process.env['SUITES_TRANSPORT'] ?? 'auto') as NonNullable<ServerOptions['transport']>;
const witness = process.env['SUITES_WITNESS'];

type Arguments = [options?: object | http.RequestListener | null, listener?: http.RequestListener];

function argumentsOf([options, listener]: Arguments): ConstructorParameters<typeof Server> {
  // At once: workers of test runners are killed, and hear of no exit.
  if (witness !== undefined) appendFileSync(witness, '1\n');
  if (typeof options === 'function') return [{ transport }, options as http.RequestListener];
  // Node refuses it, and says what it wants.
  const isWrong =
    options !== undefined && options !== null && (typeof options !== 'object' || Array.isArray(options));
  if (isWrong) return [options as ServerOptions, listener as http.RequestListener];
  return listener === undefined ? [{ transport, ...options }] : [{ transport, ...options }, listener];
}

/** Node's own can be called without `new`. */
const EngineServer = new Proxy(Server, {
  apply: (_target, _self, args: Arguments) => new Server(...argumentsOf(args)),
  construct: (target, args: Arguments, newTarget) => Reflect.construct(target, argumentsOf(args), newTarget),
});

Object.assign(http, {
  Server: EngineServer,
  createServer: (...args: Arguments) => createServer(...argumentsOf(args)),
});
syncBuiltinESMExports();
