import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer, StartOptions } from '../peer.ts';
import { RunningServer } from '../running-server.ts';
import { ONE_CORE } from './node-cluster.ts';

const command = fileURLToPath(new URL('./bin/gunicorn.js', import.meta.resolve('gunicorn-ts/package.json')));

/** Descriptors that a worker has open besides its connections, and some to spare. */
const SPARE_DESCRIPTORS = 200;

/** The command of this project with event workers and no access log. */
export const gunicorn: Peer = {
  name: 'gunicorn-ts event',
  start(options) {
    const descriptors =
      options.connections === undefined ? undefined : options.connections + SPARE_DESCRIPTORS;
    return new RunningServer([process.execPath, command, ...flags('event', options)], descriptors);
  },
};

/** The same with sync workers, on one core. */
export const sync: Peer = {
  name: 'gunicorn-ts sync',
  start(options) {
    return new RunningServer([...ONE_CORE, process.execPath, command, ...flags('sync', options)]);
  },
};

function flags(workerClass: string, options: StartOptions): string[] {
  return [
    `--worker-class=${workerClass}`,
    `--workers=${options.workers}`,
    `--bind=127.0.0.1:${options.port ?? 0}`,
    `--chdir=${dirname(options.application)}`,
    ...(options.connections === undefined ? [] : [`--worker-connections=${options.connections}`]),
    ...(options.keepAlive === undefined ? [] : [`--keep-alive=${options.keepAlive}`]),
    ...(options.timeout === undefined ? [] : [`--timeout=${options.timeout}`]),
    ...(options.extra ?? []),
    options.application,
  ];
}
