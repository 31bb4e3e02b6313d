// Application: Koa.
import type { RequestListener } from 'node:http';
import { block } from './block.ts';
import { load } from './packages.ts';

interface Context {
  readonly path: string;
  body: string;
}
interface Koa {
  use(middleware: (context: Context) => void): void;
  callback(): RequestListener;
}

const Koa = load('koa') as new () => Koa;
const application = new Koa();
application.use((context) => {
  if (context.path === '/block') block();
  context.body = 'Hello, world!\n';
});

export default application;
