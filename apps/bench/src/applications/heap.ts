// Application: `/heap` answers with the bytes of JavaScript heap that survive a collection, everything else with
// a line of text.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export default function application(request: IncomingMessage, response: ServerResponse): void {
  if (request.url !== '/heap') {
    response.end('here\n');
    return;
  }
  // Twice: what a finalizer releases in the first is only taken by the second.
  collect();
  collect();
  response.end(String(process.memoryUsage().heapUsed));
}
