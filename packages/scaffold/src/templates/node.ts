import type { Template } from '../template.ts';

const TYPES = { '@types/node': '^24.0.0' };

function nodeTemplate(
  name: string,
  title: string,
  app: string,
  packages: Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>,
): Template {
  return {
    name,
    title,
    application: { target: './app.ts', language: 'node', style: 'node' },
    files: { 'app.ts': app },
    dependencies: packages.dependencies,
    devDependencies: { ...TYPES, ...packages.devDependencies },
    requirements: [],
  };
}

const none = { dependencies: {}, devDependencies: {} };

export const NODE_TEMPLATES: readonly Template[] = [
  nodeTemplate(
    'fetch',
    'a function from Request to Response, without a framework',
    `export default {
  fetch(request: Request): Response {
    return Response.json({ hello: new URL(request.url).pathname });
  },
};
`,
    none,
  ),
  nodeTemplate(
    'node',
    'a function (request, response), as node:http has it',
    `import type { IncomingMessage, ServerResponse } from 'node:http';

export default function app(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ hello: request.url }));
}
`,
    none,
  ),
  nodeTemplate(
    'express',
    'Express 5',
    `import express from 'express';

const app = express();

app.get('/{*path}', (request, response) => {
  response.json({ hello: request.path });
});

export default app;
`,
    { dependencies: { express: '^5.0.0' }, devDependencies: { '@types/express': '^5.0.0' } },
  ),
  nodeTemplate(
    'fastify',
    'Fastify 5',
    `import Fastify from 'fastify';

const app = Fastify();

app.get('/*', async (request) => ({ hello: request.url }));

export default app;
`,
    { dependencies: { fastify: '^5.0.0' }, devDependencies: {} },
  ),
  nodeTemplate(
    'koa',
    'Koa 3',
    `import Koa from 'koa';

const app = new Koa();

app.use((context) => {
  context.body = { hello: context.path };
});

export default app;
`,
    { dependencies: { koa: '^3.0.0' }, devDependencies: { '@types/koa': '^3.0.0' } },
  ),
  nodeTemplate(
    'hono',
    'Hono 4',
    `import { Hono } from 'hono';

const app = new Hono();

app.get('/*', (context) => context.json({ hello: context.req.path }));

export default app;
`,
    { dependencies: { hono: '^4.0.0' }, devDependencies: {} },
  ),
];
