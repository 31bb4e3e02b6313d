// A process with few descriptors, that tells of each connection that it could not take, and what that cost it.
import type { AddressInfo } from 'node:net';
import { createServer } from '../src/index.ts';

const server = createServer({ transport: 'descriptor' }, (_request, response) => response.end('served'));
let before = process.cpuUsage();
let beforeMs = performance.now();
server.on('acceptError', (error: NodeJS.ErrnoException) => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(before);
  process.send?.({ code: error.code, load: (user + system) / 1000 / (now - beforeMs) });
  before = process.cpuUsage();
  beforeMs = now;
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
