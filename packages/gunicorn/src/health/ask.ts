import net from 'node:net';

/** A status line is short; whoever says more before one is somebody else. */
const MOST_BYTES = 64 * 1024;

/** Where the admin listener is, for a socket of Node's. */
export type AskedAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** `HOST:PORT`, `[v6]:PORT`, `:PORT` or `unix:PATH`; addresses of the whole machine are asked at its own. `undefined` for others. */
export function askedAddress(text: string): AskedAddress | undefined {
  const path = /^unix:(?:\/\/)?(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { path };
  const [, v6, name, port] = /^(?:tcp:\/\/)?(?:\[([\da-f:.%\w]+)\]|([\w.-]*)):(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined) return undefined;
  const host = v6 ?? name ?? '';
  const local = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return { host: local, port: Number(port) };
}

/** What the server says of itself. Rejects when nobody answers in time. */
export function ask(
  address: AskedAddress,
  path: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address, () => socket.write(`GET ${path} HTTP/1.0\r\n\r\n`));
    const late = setTimeout(
      () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MOST_BYTES) socket.destroy(new Error('what answers there is something else'));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(late);
      const [, status, body = ''] = /^HTTP\/1\.[01] (\d{3})[^]*?\r\n\r\n([^]*)$/.exec(text) ?? [];
      if (status === undefined) reject(new Error('what answers there is something else'));
      else resolve({ status: Number(status), body: body.trim() });
    });
  });
}
