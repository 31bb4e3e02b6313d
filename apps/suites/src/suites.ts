import type { Suite } from './suite.ts';

/** What no registry has, and what drives browsers. */
const SOCKET_IO_UNUSED = /^uWebSockets|wdio|webdriver/;
const SOCKET_IO_BUILDS = [
  'engine.io-parser',
  'engine.io',
  'engine.io-client',
  'socket.io-component-emitter',
  'socket.io-parser',
  'socket.io-client',
  'socket.io-adapter',
  'socket.io',
].map((name) => ['run', 'compile', '--if-present', '--workspace', `packages/${name}`]);

export const SUITES: readonly Suite[] = [
  {
    name: 'express',
    repository: 'expressjs/express',
    runner: 'mocha',
    args: ['--require', 'test/support/env', '--check-leaks', 'test/', 'test/acceptance/'],
  },
  { name: 'koa', repository: 'koajs/koa', runner: 'node', args: ['__tests__/**/*.test.js'] },
  { name: 'fastify', repository: 'fastify/fastify', runner: 'node', args: ['test/**/*.test.js'] },
  {
    name: 'connect',
    repository: 'senchalabs/connect',
    runner: 'mocha',
    args: ['--require', 'test/support/env', '--check-leaks', 'test/'],
  },
  { name: 'send', repository: 'pillarjs/send', runner: 'mocha', args: ['--check-leaks'] },
  {
    name: 'serve-static',
    repository: 'expressjs/serve-static',
    runner: 'mocha',
    args: ['--check-leaks', 'test/'],
  },
  { name: 'compression', repository: 'expressjs/compression', runner: 'mocha', args: ['--check-leaks'] },
  {
    name: 'body-parser',
    repository: 'expressjs/body-parser',
    runner: 'mocha',
    args: ['--check-leaks', 'test/'],
  },
  {
    name: 'ws',
    repository: 'websockets/ws',
    runner: 'mocha',
    args: ['--throw-deprecation', 'test/*.test.js'],
  },
  {
    name: 'socket.io',
    repository: 'socketio/socket.io',
    folder: 'packages/socket.io',
    unused: SOCKET_IO_UNUSED,
    builds: SOCKET_IO_BUILDS,
    runner: 'mocha',
    // `test/index.ts` without `uws.ts`, which is about another server.
    args: ['--import=tsx', '--slow', '200', '--timeout', '10000', 'test/!(index|uws|uws.*).ts'],
  },
  {
    name: 'engine.io',
    repository: 'socketio/socket.io',
    folder: 'packages/engine.io',
    unused: SOCKET_IO_UNUSED,
    builds: SOCKET_IO_BUILDS,
    runner: 'mocha',
    args: [],
  },
  { name: 'h3', repository: 'unjs/h3', runner: 'vitest', args: ['--typecheck.enabled=false'] },
  { name: 'hono-node-server', repository: 'honojs/node-server', runner: 'vitest', args: [] },
  { name: 'router', repository: 'pillarjs/router', runner: 'mocha', args: ['--check-leaks', 'test/'] },
  {
    name: 'finalhandler',
    repository: 'pillarjs/finalhandler',
    runner: 'mocha',
    args: ['--check-leaks', 'test/'],
  },
  {
    name: 'on-finished',
    repository: 'jshttp/on-finished',
    runner: 'mocha',
    args: ['--check-leaks', 'test/'],
  },
  { name: 'morgan', repository: 'expressjs/morgan', runner: 'mocha', args: ['--check-leaks'] },
  {
    name: 'session',
    repository: 'expressjs/session',
    runner: 'mocha',
    args: ['--require', 'test/support/env', '--check-leaks', 'test/'],
  },
  {
    name: 'cookie-session',
    repository: 'expressjs/cookie-session',
    runner: 'mocha',
    args: ['--check-leaks', 'test/'],
  },
  { name: 'multer', repository: 'expressjs/multer', runner: 'mocha', args: ['--check-leaks', 'test/'] },
  {
    name: 'supertest',
    repository: 'ladjs/supertest',
    runner: 'mocha',
    args: ['--require', 'should', '--check-leaks'],
  },
  { name: 'raw-body', repository: 'stream-utils/raw-body', runner: 'vitest', args: [] },
  { name: 'httpxy', repository: 'unjs/httpxy', runner: 'vitest', args: [] },
  { name: 'stoppable', repository: 'hunterloftis/stoppable', runner: 'mocha', args: ['test/*.test.js'] },
  { name: 'timeout', repository: 'expressjs/timeout', runner: 'mocha', args: ['--check-leaks', 'test/'] },
  {
    name: 'hapi',
    repository: 'hapijs/hapi',
    runner: 'lab',
    args: ['-a', '@hapi/code', '-m', '10000'],
  },
  { name: 'pino-http', repository: 'pinojs/pino-http', runner: 'node', args: ['test/*.js'] },
  {
    name: 'http-proxy',
    repository: 'http-party/node-http-proxy',
    runner: 'mocha',
    // Without a test that throws on any server, by a mistake of its own, into whichever comes after it.
    args: ['--grep', 'request follow redirects', '--invert', 'test/*-test.js'],
  },
  {
    name: 'http-proxy-middleware',
    repository: 'chimurai/http-proxy-middleware',
    runner: 'vitest',
    args: [],
  },
  {
    name: 'fastify-websocket',
    repository: 'fastify/fastify-websocket',
    runner: 'node',
    args: ['test/*.test.js'],
  },
  {
    name: 'fastify-static',
    repository: 'fastify/fastify-static',
    runner: 'node',
    args: ['test/*.test.js'],
  },
  {
    name: 'superagent',
    repository: 'ladjs/superagent',
    builds: [['run', 'build:lib']],
    runner: 'mocha',
    args: ['--require', 'should', '--timeout', '5000', 'test/node/*.js'],
  },
  // The clients of HTTP/1 alone: each makes servers that end, cut and delay what it asks for.
  {
    name: 'undici',
    repository: 'nodejs/undici',
    runner: 'node',
    args: ['test/client*.js', 'test/request*.js', 'test/*pipelin*.js', 'test/pool*.js', 'test/http-*.js'],
  },
  {
    name: 'axios',
    repository: 'axios/axios',
    runner: 'mocha',
    args: ['test/unit/**/*.js', '--timeout', '30000'],
  },
  {
    name: 'formidable',
    repository: 'node-formidable/formidable',
    runner: 'node',
    args: ['test-node/**/*.test.js'],
  },
  // The tests of Node.js itself, of its line 24, without the rest of its repository.
  {
    name: 'node-http',
    repository: 'denoland/node_test',
    commit: '170b25ab9080b9d58d21b582fbf28ee5676b8387',
    runner: 'programs',
    args: ['test/parallel/test-http-*.js'],
  },
  { name: 'cors', repository: 'expressjs/cors', runner: 'mocha', args: ['--require', './test/support/env'] },
];
