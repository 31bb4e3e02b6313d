/** Gunicorn's long names of worker classes. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['gunicorn.workers.sync.SyncWorker', 'sync'],
  ['gunicorn.workers.gthread.ThreadWorker', 'gthread'],
  ['gunicorn.workers.ggevent.GeventWorker', 'gevent'],
  ['gunicorn.workers.ggevent.GeventPyWSGIWorker', 'gevent'],
  ['gunicorn.workers.geventlet.EventletWorker', 'eventlet'],
  ['gunicorn.workers.gasgi.ASGIWorker', 'asgi'],
  ['gevent_wsgi', 'gevent'],
  ['gevent_pywsgi', 'gevent'],
]);

/** The short name of a worker class that Gunicorn has; any other name as it is. `egg:gunicorn#sync` is `sync`. */
export function shortWorkerClass(name: string): string {
  const egg = /^egg:gunicorn#(\w+)$/.exec(name)?.[1];
  return LONG_NAMES.get(egg ?? name) ?? egg ?? name;
}
