// Application of kind `fetch`: Hono.
import { block } from './block.ts';
import { load } from './packages.ts';

interface Call {
  text(body: string): Response;
}
interface Application {
  readonly fetch: (request: Request) => Response;
  get(path: string, handler: (call: Call) => Response): void;
}

const { Hono } = load('hono') as { readonly Hono: new () => Application };
const application = new Hono();
application.get('/', (call) => call.text('Hello, world!\n'));
application.get('/block', (call) => {
  block();
  return call.text('Hello, world!\n');
});

export default application;
