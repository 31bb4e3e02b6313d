// Program: Hono with its adapter for Node on port argv[3], with the createServer of argv[2]: `node` or `engine`.
import type * as Http from 'node:http';
import application from '../applications/hello-hono.ts';
import { load } from '../applications/packages.ts';
import { createServerOf, leaveOnTerm } from './create-server.ts';

interface Adapter {
  serve(options: {
    fetch: (request: Request) => Response;
    port: number;
    hostname: string;
    createServer?: typeof Http.createServer;
  }): Http.Server;
}

const [, , maker = '', port = '0'] = process.argv;
const { serve } = load('@hono/node-server') as Adapter;
const createServer = await createServerOf(maker);
serve({ fetch: application.fetch, port: Number(port), hostname: '127.0.0.1', createServer });
leaveOnTerm();
