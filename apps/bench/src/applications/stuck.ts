// Application: `/stuck` never answers and never gives the event loop back; everything else is quick.
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

export default function application(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/stuck') spinForEver();
  response.end('quick\n');
}

function spinForEver(): never {
  // Written by the system call itself: nothing that is queued leaves a loop that is stuck.
  writeSync(2, `stuck in ${process.pid}\n`);
  for (;;);
}
