/** For hooks of `gunicorn.conf.py`. Before the listeners of the worker, which may end the process. */
export function passOnSignals(python: { interrupt(): void; abort(): void }): void {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const)
    process.prependListener(signal, () => python.interrupt());
  process.prependListener('SIGABRT', () => python.abort());
}
