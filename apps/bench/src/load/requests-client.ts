// Program: asks port argv[2] with argv[3] clients, one request at a time each, and tells what became of every
// request. argv[4] is `close` (a connection for each request) or `keep`; every argv[5]th request is for /block, 0 is
// none. Prints `asking` after the first answer, and the figures when its standard input ends.
import { connect, type Socket } from 'node:net';
import type { Failures } from '../failures.ts';
import { quantile } from '../quantile.ts';

const [, , port = 0, clients = 1, , blockEvery = 0] = process.argv.map(Number);
const keepAlive = process.argv[4] === 'keep';
const TIMEOUT_MS = 10_000;
/** After a refusal; trying at once would only use up the processor. */
const PAUSE_MS = 10;
const END_OF_HEAD = '\r\n\r\n';

const failures: Record<keyof Failures, number> = { refused: 0, reset: 0, timeout: 0, status: 0 };
const waits: { plain: number[]; blocked: number[] } = { plain: [], blocked: [] };
let asked = 0;
const over = new AbortController();

type Outcome = keyof Failures | 'answered';

/** A client and the connection it holds, if it holds one. */
interface Client {
  socket?: Socket | undefined;
}

/** Whether the answer is whole, and what it says; undefined while more has to come. */
function readAnswer(text: string): { readonly status: string; readonly closes: boolean } | undefined {
  const head = text.indexOf(END_OF_HEAD);
  if (head === -1) return undefined;
  const fields = text.slice(0, head + 2);
  const length = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(fields)?.[1] ?? NaN);
  // An answer without a length here is a refusal that ends with its connection.
  if (text.length < head + END_OF_HEAD.length + (Number.isNaN(length) ? 0 : length)) return undefined;
  return { status: text.slice(9, 12), closes: /\r\nconnection: *close\r\n/i.test(fields) };
}

function exchange(client: Client, path: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = client.socket ?? connect({ host: '127.0.0.1', port, noDelay: true });
    client.socket = undefined;
    let received = '';
    const timer = setTimeout(() => finish('timeout'), TIMEOUT_MS);
    const onData = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      const answer = readAnswer(received);
      if (!answer) return;
      finish(answer.status === '200' ? 'answered' : 'status', keepAlive && !answer.closes);
    };
    const onError = (error: NodeJS.ErrnoException): void =>
      finish(error.code === 'ECONNREFUSED' ? 'refused' : 'reset');
    const onClose = (): void => finish('reset');

    function finish(outcome: Outcome, keep = false): void {
      clearTimeout(timer);
      socket.off('data', onData).off('error', onError).off('close', onClose).off('end', onClose);
      if (keep) client.socket = socket;
      // What happens to it from here on is no request's misfortune.
      else socket.on('error', () => {}).destroy();
      resolve(outcome);
    }

    socket.on('data', onData).on('error', onError).on('close', onClose).on('end', onClose);
    const connection = keepAlive ? '' : 'Connection: close\r\n';
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${connection}\r\n`);
  });
}

async function ask(): Promise<void> {
  const client: Client = {};
  while (!over.signal.aborted) {
    asked += 1;
    const isBlocked = blockEvery > 0 && asked % blockEvery === 0;
    const started = performance.now();
    const outcome = await exchange(client, isBlocked ? '/block' : '/');
    if (outcome === 'answered') {
      (isBlocked ? waits.blocked : waits.plain).push(performance.now() - started);
      if (waits.plain.length === 1) process.stdout.write('asking\n');
    } else {
      failures[outcome] += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  client.socket?.destroy();
}

function summary(values: readonly number[]): object {
  if (values.length === 0) return { count: 0, p50: 0, p99: 0, p999: 0 };
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((part) => quantile(values, part));
  return { count: values.length, p50, p99, p999 };
}

process.stdin.resume();
process.stdin.once('end', () => over.abort());
await Promise.all(Array.from({ length: clients }, ask));
const result = { plain: summary(waits.plain), blocked: summary(waits.blocked), failures };
process.stdout.write(`${JSON.stringify(result)}\n`);
