import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { rawClient } from '@gunicorn-ts/test-kit';
import test from 'ava';

const program = fileURLToPath(new URL('../short-of-descriptors.ts', import.meta.url));
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'a server that has no descriptor left leaves connections in the queue, says so now and then, and rests',
  async (t) => {
    const command = `ulimit -n 60 && exec "${process.execPath}" "${program}"`;
    const server = spawn('sh', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    t.teardown(() => server.kill('SIGKILL'));
    const [port] = (await once(server, 'message')) as [number];
    const clients = Array.from({ length: 80 }, () => rawClient(t, port));
    const [first] = (await once(server, 'message')) as [{ code: string }];
    t.is(first.code, 'EMFILE');
    const [second] = (await once(server, 'message')) as [{ code: string; load: number }];
    t.true(second.load < 0.5, `it took ${second.load} of a processor`);
    // Those that were taken make room, and those that waited are served.
    for (const client of clients.slice(0, 60)) client.socket.destroy();
    const last = clients.at(-1)!;
    t.regex(await last.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n').receives('served'), /^HTTP\/1\.1 200 /);
  },
);
