import type { WsgiEnviron } from '@gunicorn-ts/interface';

/** The strings of an environ as they go to the Python process, which adds the rest: names and values, by turns. */
export function requestFields(environ: WsgiEnviron): string {
  let text = '';
  for (const name in environ) {
    const value = environ[name];
    // The process knows it better: gunicorn.conf.py may have changed it.
    if (name === 'SERVER_SOFTWARE') continue;
    if (typeof value === 'string') text += text === '' ? `${name}\0${value}` : `\0${name}\0${value}`;
  }
  return text;
}

/** Whether a request has a body, by its head. */
export function announcesBody(environ: WsgiEnviron): boolean {
  const length = environ['CONTENT_LENGTH'];
  return (length !== undefined && length !== '0') || environ['HTTP_TRANSFER_ENCODING'] !== undefined;
}

/** A NUL separates fields, and only a path can smuggle one in, as `%00`. */
export function isUnspeakable(environ: WsgiEnviron): boolean {
  return (environ['PATH_INFO'] as string).includes('\0');
}
