// Program: how many requests the parser alone takes in a second, on one core. Measures each kind of request for
// argv[2] seconds, and prints a JSON array.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DEFAULT_HTTP_POLICY, HttpRules, RequestParser } from '@gunicorn-ts/http';
import { median } from '../quantile.ts';

const GET = [
  'GET /items/42?full=1 HTTP/1.1',
  'Host: localhost:8000',
  'User-Agent: wrk/4.1.0',
  'Accept: */*',
  'Accept-Encoding: gzip, br',
];
const BEHIND_PROXY = [...GET, 'X-Forwarded-Proto: https', 'X-Forwarded-For: 192.0.2.1', 'Connection: close'];
const BROWSER = [
  ...GET,
  'Accept-Language: en-GB,en;q=0.8',
  'Cache-Control: no-cache',
  'Cookie: session=0123456789abcdef0123456789abcdef; theme=dark',
  'Referer: http://localhost:8000/items',
  'Sec-Fetch-Dest: document',
  'Sec-Fetch-Mode: navigate',
  'Upgrade-Insecure-Requests: 1',
];
const POST = [...GET.with(0, 'POST /items HTTP/1.1'), 'Content-Type: text/plain', 'Content-Length: 11'];

const REQUESTS: Record<string, string> = {
  'GET, 4 headers': message(GET),
  'GET, 4 headers, behind a proxy': message(BEHIND_PROXY),
  'GET, 11 headers': message(BROWSER),
  'POST, 6 headers, 11 bytes': `${message(POST)}hello world`,
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const seconds = Number(process.argv[2] ?? 2);
const parser = new RequestParser(new HttpRules(DEFAULT_HTTP_POLICY), { address: '', secure: false });
const connection = { address: '127.0.0.1', secure: false };

const results = Object.entries(REQUESTS).map(([request, text]) => {
  const bytes = Buffer.from(text, 'latin1');
  run(bytes, seconds / 4);
  const allocated = median(Array.from({ length: 5 }, () => allocatedFor(bytes)));
  const rate = Math.max(run(bytes, seconds), run(bytes, seconds));
  return { request, rate, allocated };
});
process.stdout.write(JSON.stringify(results));

function message(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Bytes of heap for one request. The median of some is asked for: a collection in between spoils one. */
function allocatedFor(bytes: Buffer): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  run(bytes, 0);
  return (process.memoryUsage().heapUsed - before) / 1000;
}

/** One request a connection, as a sync worker sees them; method and target are read, headers are not. */
function run(bytes: Buffer, forSeconds: number): number {
  // Processor time, not the clock's: the figure is for a core, whoever else uses the machine.
  const started = process.cpuUsage();
  let requests = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < 1000; i++) {
      parser.restart(connection);
      parser.push(bytes);
      for (let event = parser.next(); event !== 'end'; event = parser.next()) {
        if (event === 'more' || event === 'error') throw new Error(`unexpected ${event}`);
      }
    }
    requests += 1000;
    const { user, system } = process.cpuUsage(started);
    elapsed = user + system;
  } while (elapsed < forSeconds * 1e6);
  return (requests / elapsed) * 1e6;
}
