/** The application on Node's own HTTP/2 server: `node node-server.ts [KEY CERTIFICATE]`. Prints its port. */
import { readFileSync } from 'node:fs';
import { createSecureServer, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import application from './application.ts';

const [keyfile, certfile] = process.argv.slice(2);
const answer = application as unknown as Parameters<typeof createServer>[1];
const server =
  keyfile === undefined || certfile === undefined
    ? createServer({}, answer)
    : createSecureServer({ key: readFileSync(keyfile), cert: readFileSync(certfile) }, answer);
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
