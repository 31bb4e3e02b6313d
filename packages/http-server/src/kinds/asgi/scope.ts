import type { AsgiRequest, AsgiScope } from '@gunicorn-ts/interface';

/** The version of the interface for HTTP: from 2.4 on `send` has to throw when the client has left. */
const SPEC_VERSION = '2.3';

/** What an application is told of a request. Bytes are `Uint8Array`, as Python has them. */
export function scopeOf({ head, client }: AsgiRequest): AsgiScope {
  const { path, query } = head.parseTarget();
  const { local } = client;
  return {
    type: 'http',
    asgi: { version: '3.0', spec_version: SPEC_VERSION },
    http_version: head.version === 10 ? '1.0' : head.version === 11 ? '1.1' : '2',
    method: head.method,
    scheme: head.scheme,
    path: decodePath(path),
    raw_path: Buffer.from(path, 'latin1'),
    query_string: Buffer.from(query, 'latin1'),
    root_path: '',
    headers: Array.from({ length: head.fields.count }, (_, index) => [
      Buffer.from(head.fields.name(index).toLowerCase(), 'latin1'),
      Buffer.from(head.fields.value(index), 'latin1'),
    ]),
    client: client.host === '' ? null : [client.host, client.port],
    server:
      local === undefined
        ? client.path === undefined
          ? null
          : [client.path, null]
        : [local.host, local.port],
    state: {},
    extensions: {},
  };
}

/** Percent-decoded, then UTF-8 with U+FFFD for bytes that are none. */
function decodePath(path: string): string {
  const bytes = path.replaceAll(/%([\dA-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
