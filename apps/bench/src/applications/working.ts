// Application that also does other things: a timer every millisecond, and a request to the server at BENCH_BACKEND for
// each that it gets. `/late` answers with how late the timer was since it was asked last, at the 99th percentile, in
// milliseconds.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { load } from './packages.ts';

interface Pool {
  request(options: { method: string; path: string }): Promise<{ readonly body: { text(): Promise<string> } }>;
}

const PERIOD_MS = 1;
const { Pool } = load('undici') as { readonly Pool: new (origin: string) => Pool };
const backend = new Pool(process.env['BENCH_BACKEND'] ?? '');
const lateness = createHistogram();
let last = performance.now();

setInterval(() => {
  const now = performance.now();
  lateness.record(1 + Math.max(0, Math.round((now - last - PERIOD_MS) * 1000)));
  last = now;
}, PERIOD_MS);

export default async function application(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/late') {
    response.end(String(lateness.percentile(99) / 1000));
    lateness.reset();
    return;
  }
  const { body } = await backend.request({ method: 'GET', path: '/' });
  const text = await body.text();
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': String(text.length) });
  response.end(text);
}
