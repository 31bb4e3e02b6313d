// Application: `/stuck` never answers and never gives the event loop back; everything else is answered at once
// with the process id.
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

export default function application(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/stuck') spinForEver();
  response.end(String(process.pid));
}

function spinForEver(): never {
  // Written by the system call itself: nothing that is queued leaves a loop that is stuck.
  writeSync(2, `stuck in ${process.pid}\n`);
  for (;;);
}
