import { join } from 'node:path';
import { hello } from '../applications.ts';
import type { Peer } from '../peer.ts';
import { gunicornTs } from './gunicorn-ts.ts';

const workerClass = 'sync';
const ofKindWsgi = ['--application-kind=wsgi'];

/** The sync worker with the application that it serves best. */
export const sync: Peer = gunicornTs({
  name: 'sync',
  title: 'gunicorn-ts sync',
  workerClass,
  application: hello.wsgi,
  flags: () => ofKindWsgi,
});

/** The same, and a line in a file for each request. */
export const syncLog: Peer = gunicornTs({
  name: 'sync-log',
  title: 'gunicorn-ts sync, access log',
  workerClass,
  application: hello.wsgi,
  flags: ({ folder }) => [...ofKindWsgi, `--access-logfile=${join(folder, 'access.log')}`],
});

export const syncFetch: Peer = gunicornTs({
  name: 'sync-fetch',
  title: 'gunicorn-ts sync, fetch',
  workerClass,
  application: hello.fetch,
});

export const syncNode: Peer = gunicornTs({
  name: 'sync-node',
  title: 'gunicorn-ts sync, node',
  workerClass,
  application: hello.node,
});
