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
