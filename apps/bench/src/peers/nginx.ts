import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printedBy } from '../command.ts';
import type { LaunchOptions, Peer } from '../peer.ts';

/** nginx that answers by itself, without a backend: the least that a request can cost in C. */
export const nginx: Peer = {
  name: 'nginx',
  title: 'nginx return 200',
  prepare: async () => (await printedBy('nginx', '-v')).replace(/^.*nginx\//, ''),
  launch(options) {
    const { folder } = options;
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(options));
    return {
      command: ['nginx', '-p', folder, '-c', file, '-e', join(folder, 'error.log')],
      reload: 'HUP',
    };
  },
};

function configuration({ folder, port, workers, connections = 1024 }: LaunchOptions): string {
  return `worker_processes ${workers};
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections ${connections + 100}; }
http {
  access_log off;
  keepalive_timeout 75;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port} backlog=2048;
    location / { default_type text/plain; return 200 "Hello, world!\\n"; }
  }
}
`;
}
