import type { Logger, WsgiBody } from '@gunicorn-ts/interface';

/** @throws {TypeError} for what is often returned by mistake: nothing, text, or bytes that are in no array */
export function checkedBody(body: unknown): WsgiBody {
  const iterable = typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
  if (iterable && (Symbol.iterator in body || Symbol.asyncIterator in body)) return body as WsgiBody;
  const found = body instanceof Uint8Array ? 'bytes' : body === null ? 'null' : typeof body;
  throw new TypeError(
    `A WSGI application returns an iterable of Uint8Arrays, but this one returned ${found}`,
  );
}

/** PEP 3333: however the response ends, the body is closed. What that throws is logged. */
export function closeBody(body: WsgiBody, log: Logger): void {
  try {
    body.close?.();
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`The WSGI body could not be closed: ${stack}`);
  }
}
