import { createServer } from 'node:http';
import type { ApplicationKind } from '@gunicorn-ts/interface';
import test from 'ava';
import { recogniseApplication } from '../../src/application/recognise.ts';

/* oxlint-disable typescript/no-unused-vars -- the names of parameters are what is under test */

const handle = (): void => undefined;
const express = Object.assign((_request: unknown, _response: unknown, _next: unknown) => undefined, {
  handle,
  use: handle,
  set: handle,
});
const fastify = { routing: handle, ready: async () => undefined, server: createServer(), close: handle };
const koa = { callback: () => (_a: unknown, _b: unknown) => undefined, use: handle, middleware: [] };
const bound = {
  answer: 'x',
  serve(_req: unknown, _res: unknown): string {
    return this.answer;
  },
};
class App {
  readonly name: string = 'app';
}
const nest = {
  init: async () => undefined,
  close: handle,
  getHttpAdapter: () => ({ getInstance: () => express }),
  getHttpServer: () => createServer(),
};

const applications: readonly [what: string, value: unknown, kind: ApplicationKind][] = [
  ['(req, res) => …', (_req: unknown, _res: unknown) => undefined, 'node'],
  ['(req, res, next) => …', (_req: unknown, _res: unknown, _next: unknown) => undefined, 'node'],
  ['async (req, res) => …', async (_req: unknown, _res: unknown) => undefined, 'node'],
  ['(...args) => …', (..._args: unknown[]) => undefined, 'node'],
  ['a bound (req, res)', bound.serve.bind(bound), 'node'],
  ['(request) => …', (_request: unknown) => undefined, 'fetch'],
  ['() => …', () => undefined, 'fetch'],
  ['async function (request)', async function serve(_request: unknown) {}, 'fetch'],
  ['(request, env) => …', (_request: unknown, _env: unknown) => undefined, 'fetch'],
  ['(request, env = {}) => …', (_request: unknown, _env: unknown = {}) => undefined, 'fetch'],
  ['({ url }) => …', ({ url: _url }: { url: string }) => undefined, 'fetch'],
  ['({ url }, res) => …', ({ url: _url }: { url: string }, _res: unknown) => undefined, 'node'],
  [
    '(environ, startResponse) => …',
    (environ: unknown, startResponse: unknown) => [environ, startResponse],
    'wsgi',
  ],
  ['(env, start_response) => …', (_env: unknown, start_response: unknown) => start_response, 'wsgi'],
  ['{ fetch }', { fetch: () => new Response('x') }, 'fetch'],
  ['{ handler } of (req, res)', { handler: (_req: unknown, _res: unknown) => undefined }, 'node'],
  ['{ handler } of (request)', { handler: (_request: unknown) => undefined }, 'fetch'],
  ['an http.Server', createServer(), 'node'],
  ['an Express application', express, 'node'],
  ['a Fastify instance', fastify, 'node'],
  ['a Koa application', koa, 'node'],
  ['a Nest application', nest, 'node'],
];
for (const [what, value, kind] of applications) {
  test(`${what} is of kind ${kind}`, async (t) => {
    const recognition = recogniseApplication(value);
    if (!recognition.found) return t.fail(recognition.shape);
    const application = await recognition.prepare();
    t.is(application.kind, kind);
    t.is(typeof application.handler, 'function');
  });
}

const others: readonly [what: string, value: unknown, shape: RegExp][] = [
  ['nothing', undefined, /^undefined$/],
  ['a number', 3, /^3$/],
  ['a text', 'app', /^the string "app"$/],
  ['an object without a handler', { a: 1, b: 2 }, /^an object with the keys a, b$/],
  ['a class', App, /the class App; export an instance/],
  ['an h3 version 1 application', { handler: handle, stack: [], use: handle }, /toNodeListener/],
];
for (const [what, value, shape] of others) {
  test(`${what} is not an application, and is described`, (t) => {
    const recognition = recogniseApplication(value);
    t.false(recognition.found);
    t.regex(recognition.shape, shape);
  });
}

test('applicationKind overrides the guess for a function', async (t) => {
  const recognition = recogniseApplication((_a: unknown, _b: unknown) => undefined, 'wsgi');
  t.is(recognition.found ? (await recognition.prepare()).kind : undefined, 'wsgi');
});

test('an object with both is called as node when applicationKind says so', async (t) => {
  const value = { fetch: handle, handler: (_req: unknown, _res: unknown) => undefined };
  const recognition = recogniseApplication(value, 'node');
  t.is(recognition.found ? (await recognition.prepare()).kind : undefined, 'node');
});

test('fetch is called as a method of its object', async (t) => {
  const app = {
    name: 'mine',
    fetch(this: { name: string }): Response {
      return new Response(this.name);
    },
  };
  const recognition = recogniseApplication(app);
  if (!recognition.found) return t.fail();
  const application = await recognition.prepare();
  const response = await (application.handler as () => Response)();
  t.is(await response.text(), 'mine');
});

test('a Fastify instance is made ready, and closed with the worker', async (t) => {
  const calls: string[] = [];
  const instance = {
    ...fastify,
    ready: async () => calls.push('ready'),
    close: () => calls.push('close'),
  };
  const recognition = recogniseApplication(instance);
  if (!recognition.found) return t.fail();
  const application = await recognition.prepare();
  t.deepEqual(calls, ['ready']);
  application.close?.();
  t.deepEqual(calls, ['ready', 'close']);
});
