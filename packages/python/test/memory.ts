/*
 * Sends 1 GB through a Python application in each direction and each mode, and prints how far the memory of the
 * worker and of its Python process rises over idle: `node packages/python/test/memory.ts [--gevent PYTHON]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf, COMMAND } from '@gunicorn-ts/test-kit';

const MB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const PIECES = (1024 * MB) / PIECE.length;
const LIMIT_MB = 100;

const gevent = process.argv.indexOf('--gevent');
const modes: readonly (readonly string[])[] = [
  ['-k', 'sync'],
  ['-k', 'gthread', '--threads', '2'],
  ...(gevent === -1 ? [] : [['-k', 'gevent', '--python', process.argv[gevent + 1] ?? 'python3']]),
];

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-memory-'));
writeFileSync(
  join(folder, 'site_app.py'),
  readFileSync(new URL('integration/application.py', import.meta.url)),
);
try {
  for (const mode of modes) await measure(mode);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(mode: readonly string[]): Promise<void> {
  const server = spawn(process.execPath, [COMMAND, '-b', '127.0.0.1:0', '-t', '0', ...mode, 'site_app'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const url = await listening(server.stderr);
    await download(`${url}/stream?16`);
    await upload(`${url}/count`, 16);
    const [worker = 0] = childrenOf(server.pid ?? 0);
    const pids = [worker, ...childrenOf(worker)];
    const idle = pids.map(residentMb);
    const peaks = [...idle];
    const timer = setInterval(() => {
      for (const [index, pid] of pids.entries()) peaks[index] = Math.max(peaks[index] ?? 0, residentMb(pid));
    }, 20);
    const received = await download(`${url}/stream?${PIECES}`);
    const counted = await upload(`${url}/count`, PIECES);
    clearInterval(timer);
    const rise = peaks.map((peak, index) => peak - (idle[index] ?? 0));
    const whole = received === PIECES * PIECE.length && counted === String(received);
    const verdict = whole && rise.every((mb) => mb < LIMIT_MB) ? 'ok' : 'FAILED';
    process.stdout.write(`${mode.join(' ')}: worker +${rise[0]} MB, Python +${rise[1]} MB, ${verdict}\n`);
    if (verdict !== 'ok') process.exitCode = 1;
  } finally {
    server.kill('SIGTERM');
  }
}

function listening(log: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    log.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /Listening at: (http\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function download(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, async (response) => {
      let size = 0;
      for await (const chunk of response) size += (chunk as Buffer).length;
      resolve(size);
    });
    request.on('error', reject);
  });
}

function upload(url: string, pieces: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Length': String(pieces * PIECE.length) };
    const request = http.request(url, { agent: false, method: 'POST', headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve(text);
    });
    request.on('error', reject);
    void send(request, pieces);
  });
}

async function send(request: http.ClientRequest, pieces: number): Promise<void> {
  for (let sent = 0; sent < pieces; sent += 1) {
    if (!request.write(PIECE)) await new Promise((resolve) => request.once('drain', resolve));
  }
  request.end();
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
