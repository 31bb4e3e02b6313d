// Application: `/download` sends 16 MB, a POST is read to its end. `/seen` tells how many of each were cut off, and `/held`
// what is held when the garbage is gone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import { held } from './collect.ts';
import { chunks, type Seen } from './download.ts';

const seen: Seen = { uploads: 0, downloads: 0 };

export default function application(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'POST') receive(request, response);
  else if (request.url === '/download') {
    pipeline(Readable.from(chunks()), response, (error) => {
      if (error) seen.downloads += 1;
    });
  } else if (request.url === '/seen') response.end(JSON.stringify(seen));
  else response.end(request.url === '/held' ? JSON.stringify(held()) : 'here\n');
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  request.on('error', () => {});
  request.once('close', () => {
    if (request.complete) response.end('whole\n');
    else seen.uploads += 1;
  });
  request.resume();
}
