import { REFUSALS } from '@gunicorn-ts/http';
import { page, sentence, table } from './page.ts';

const INTRODUCTION = `
What the server takes for a request, and what it answers to the rest. The standards are RFC 9110 and RFC 9112; the
[settings](settings.md#http) allow what is old or unusual, under Gunicorn's names. Both workers read requests with the
same parser, under the same rules, which hold for [HTTP/2](http2.md) as well.

Whatever is refused is logged as a warning with the client's address and the reason, stands in the access log with its
status, and closes the connection: where the next request would begin is not known. Nothing that the client sent is
echoed to it.
`;

const BODIES = `
A body is limited by \`limitRequestBody\`, whoever reads it. Gunicorn has no limit; the gigabyte here is more than a form
or an upload through a browser usually is, and keeps one request from filling a disk. A site knows better: 10 MB are
enough for most, and what stands in front allows less anyway (1 MB in nginx). An application that takes larger files, or
streams without end, sets its own number, or 0.

What a WSGI application reads, and every body under \`sync\`, arrives before the application is asked, at any path: it is
kept in memory up to 1 MB a body and 64 MB a worker, and otherwise in a
[file](operating.md#files-that-it-needs-for-itself). These files are limited by \`limitSpooledBodies\`, for each worker,
since many bodies within their limit fill a disk as well; it is twice the longest body, so that one upload of the largest
size does not keep all others out. Lower it where the temporary folder is in memory, and keep it above
\`limitRequestBody\`: a body that is larger than all the room never finds any.

A body that finds no room, by this limit or because the disk is full or broken, is answered 503, with a line in the error
log that says why: another worker, or the same one a little later, may have room, and proxies and clients know 503 for
that. (507 says so of the resource, and few know it.) What is left of the body is read until nothing comes for two
seconds, and for ten at most, so that a client that sends everything before it reads gets the answer.
`;

const TIMES = `
A request whose head does not come within \`headersTimeout\` is answered 408, and so is one of whose body nothing comes
for a minute (under sync, for \`headersTimeout\`) while it is waited for. A client that reads nothing of its response for
a minute (under sync, for \`timeout\`) is cut off: neither can make a worker deaf by holding \`workerConnections\`
connections.

At most one request of a connection is with the application. Those behind it on the same connection wait for its
response, in the client or in the kernel; behind one that closes the connection they are not served.
`;

const WORKERS = `
Both workers are asked the same raw requests ([the corpus](../packages/http/test/corpus/README.md)), over TCP, unix sockets
and TLS, and decide alike. A worker of class \`sync\` serves one request a connection: what comes behind that is neither
served nor refused, whatever it is. Under \`event\` a bad request is refused behind those that were answered before it.
`;

export function renderHttpPage(): string {
  const refusals = Object.entries(REFUSALS).map(([code, [status, reason]]) => [
    String(status),
    sentence(reason),
    `\`${code}\``,
  ]);
  return page(
    'HTTP',
    INTRODUCTION.trim(),
    '## Refused requests',
    table(['status', 'why', 'code'], refusals),
    TIMES.trim(),
    '## Bodies',
    BODIES.trim(),
    '## Both workers',
    WORKERS.trim(),
  );
}
