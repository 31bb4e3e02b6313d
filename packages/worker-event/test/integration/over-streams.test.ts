/** All tests of this folder once more, with connections that are sockets of Node's. */
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

process.env['HTTP_TRANSPORT'] = 'stream';

/** Those that start the command, and this one. */
const OTHERS = ['conformance.test.ts', 'over-streams.test.ts'];
const files = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.test.ts') && !OTHERS.includes(name),
);
for (const file of files) await import(pathToFileURL(join(import.meta.dirname, file)).href);
