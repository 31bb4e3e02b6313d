// Application: Express.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { block } from './block.ts';
import { load } from './packages.ts';

interface Answer extends ServerResponse {
  type(name: string): Answer;
  send(body: string): Answer;
}
interface Express extends RequestListener {
  get(path: string, handler: (request: IncomingMessage, response: Answer) => void): void;
}

const express = load('express') as () => Express;
const application = express();
application.get('/', (_request, response) => {
  response.type('text/plain').send('Hello, world!\n');
});
application.get('/block', (_request, response) => {
  block();
  response.type('text/plain').send('Hello, world!\n');
});

export default application;
