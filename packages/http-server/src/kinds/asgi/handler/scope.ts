import type { AsgiRequest, AsgiScope } from '@gunicorn-ts/interface';

/** From 2.4 on `send` has to throw when the client has left, which is noise for HTTP. */
const HTTP_VERSION = '2.3';
const WEBSOCKET_VERSION = '2.4';

/** What all scopes of an application have in common. */
export interface ScopeParts {
  /** Without a slash at its end. */
  readonly rootPath: string;
  /** What the application has put there at its start. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** What an application is told of a request. Bytes are `Uint8Array`, as Python has them. */
export function httpScope(request: AsgiRequest, parts: ScopeParts): AsgiScope {
  const { head } = request;
  return {
    ...commonScope(request, parts),
    type: 'http',
    asgi: { version: '3.0', spec_version: HTTP_VERSION },
    method: head.method,
    scheme: head.scheme,
    extensions: {
      'http.response.pathsend': {},
      ...(head.version > 10 && { 'http.response.early_hint': {}, 'http.response.trailers': {} }),
      ...tlsExtension(request),
    },
  };
}

export function webSocketScope(request: AsgiRequest, parts: ScopeParts): AsgiScope {
  const { fields, scheme } = request.head;
  const offers = Array.from({ length: fields.count }, (_, index) => index)
    .filter((index) => fields.name(index).toLowerCase() === 'sec-websocket-protocol')
    .flatMap((index) => fields.value(index).split(','))
    .map((offer) => offer.trim());
  return {
    ...commonScope(request, parts),
    type: 'websocket',
    asgi: { version: '3.0', spec_version: WEBSOCKET_VERSION },
    scheme: scheme === 'https' ? 'wss' : 'ws',
    subprotocols: offers.filter((offer) => offer !== ''),
    extensions: { 'websocket.http.response': {}, ...tlsExtension(request) },
  };
}

function tlsExtension({ client: { tls } }: AsgiRequest): Record<string, unknown> {
  return tls === undefined ? {} : { tls: { ...tls, client_cert_chain: [...tls.client_cert_chain] } };
}

function commonScope(
  { head, client }: AsgiRequest,
  { rootPath, state }: ScopeParts,
): Record<string, unknown> {
  const target = head.parseTarget();
  const path = inside(target.path, rootPath);
  const { local } = client;
  const unix = client.path === undefined ? null : [client.path, null];
  return {
    http_version: head.version === 10 ? '1.0' : head.version === 11 ? '1.1' : '2',
    path: decodePath(path),
    raw_path: Buffer.from(path, 'latin1'),
    query_string: Buffer.from(target.query, 'latin1'),
    root_path: rootPath,
    headers: Array.from({ length: head.fields.count }, (_, index) => [
      Buffer.from(head.fields.name(index).toLowerCase(), 'latin1'),
      Buffer.from(head.fields.value(index), 'latin1'),
    ]),
    client: client.host === '' ? null : [client.host, client.port],
    server: local === undefined ? unix : [local.host, local.port],
    state: { ...state },
  };
}

/** Behind a proxy that has cut the root path off: the path of a scope has it. */
function inside(path: string, rootPath: string): string {
  if (rootPath === '' || path === rootPath || path.startsWith(`${rootPath}/`)) return path;
  return rootPath + path;
}

/** Percent-decoded, then UTF-8 with U+FFFD for bytes that are none. */
function decodePath(path: string): string {
  const bytes = path.replaceAll(/%([\dA-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
