import type { BindTarget } from '@gunicorn-ts/interface';

/** An address as systemd writes it: `127.0.0.1:8000`, `[::1]:8000`, `/run/app.sock`. */
export function formatBind(bind: BindTarget): string {
  if (bind.kind === 'unix') return bind.path;
  if (bind.kind === 'fd') return '';
  const host = bind.host === '' ? '0.0.0.0' : bind.host;
  return host.includes(':') ? `[${host}]:${bind.port}` : `${host}:${bind.port}`;
}
