import { hello } from '../applications.ts';
import type { Peer } from '../peer.ts';
import { gunicornTs } from './gunicorn-ts.ts';

const workerClass = 'event';

/** The event worker with an application of kind `node`. */
export const event: Peer = gunicornTs({
  name: 'event',
  title: 'gunicorn-ts event',
  workerClass,
  application: hello.node,
});

export const eventWsgi: Peer = gunicornTs({
  name: 'event-wsgi',
  title: 'gunicorn-ts event, wsgi',
  workerClass,
  application: hello.wsgi,
  flags: () => ['--application-kind=wsgi'],
});

export const eventFetch: Peer = gunicornTs({
  name: 'event-fetch',
  title: 'gunicorn-ts event, fetch',
  workerClass,
  application: hello.fetch,
});

/** Without the thread that watches for a stuck worker: what that thread costs is seen beside it. */
export const eventUnwatched: Peer = gunicornTs({
  name: 'event-unwatched',
  title: 'gunicorn-ts event, no autopsy',
  workerClass,
  application: hello.node,
  flags: () => ['--no-autopsy'],
});
