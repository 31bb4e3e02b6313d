/** Something was written to a socket whose sending side has ended or is gone. With Node's codes. */
export function writeError(isDestroyed: boolean): NodeJS.ErrnoException {
  return isDestroyed
    ? Object.assign(new Error('Cannot call write after a stream was destroyed'), {
        code: 'ERR_STREAM_DESTROYED',
      })
    : Object.assign(new Error('write after end'), { code: 'ERR_STREAM_WRITE_AFTER_END' });
}

/** As Node's own server says it: what a socket of HTTP receives is bytes for the parser. */
export function socketEncodingError(): Error {
  return Object.assign(new Error('Changing the socket encoding is not allowed per RFC7230 Section 3.'), {
    code: 'ERR_HTTP_SOCKET_ENCODING',
  });
}
