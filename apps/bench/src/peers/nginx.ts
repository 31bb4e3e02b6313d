import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../peer.ts';
import { SilentServer } from '../silent-server.ts';
import { ONE_CORE } from './node-cluster.ts';

/** nginx that answers by itself, without a backend: the least that a request can cost in C. */
export const nginx: Peer = {
  name: 'nginx return 200',
  start({ port = 0, workers }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(folder, port, workers));
    const command = [...ONE_CORE, 'nginx', '-p', folder, '-c', file, '-e', join(folder, 'error.log')];
    return new SilentServer(command, port, () => rmSync(folder, { recursive: true, force: true }));
  },
};

function configuration(folder: string, port: number, workers: number): string {
  return `worker_processes ${workers};
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_timeout 0;
  server {
    listen 127.0.0.1:${port} backlog=2048;
    location / { default_type text/plain; return 200 "Hello, world!\\n"; }
  }
}
`;
}
