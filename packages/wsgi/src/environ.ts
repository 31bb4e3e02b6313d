import type { Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import { errorStream } from './error-stream.ts';
import { fileWrapper } from './file-wrapper.ts';
import { headerKey } from './header-key.ts';
import { decodePath, splitTarget } from './request-path.ts';

/** What is the same for all requests of a worker. */
export interface EnvironBase {
  /** Whether other requests may be served by this process while one waits. */
  readonly multithread: boolean;
  readonly multiprocess: boolean;
  /** The prefix that the application is mounted at: the variable `SCRIPT_NAME` of the process. */
  readonly scriptName: string;
  readonly log: Logger;
}

/** A request head; a `RequestHead` of the HTTP package is one. */
export interface WsgiRequest {
  readonly method: string;
  readonly target: string;
  /** `HTTP/1.1` */
  readonly protocol: string;
  readonly scheme: 'http' | 'https';
  /** The Host header, or what stands in for it. */
  readonly host: string;
  readonly fields: {
    readonly count: number;
    name(index: number): string;
    value(index: number): string;
  };
}

/** What belongs to one request besides its head. */
export interface EnvironParts {
  /** `wsgi.input`: a `WsgiInput`, or the body as it arrives. */
  readonly input: AsyncIterable<Uint8Array>;
  /** `gunicorn.socket` */
  readonly socket: unknown;
  /** Address of the client; empty for a unix socket. */
  readonly remoteHost: string;
  /** 0 when there is none. */
  readonly remotePort: number;
  /** Where the connection was accepted; `undefined` for a unix socket. */
  readonly local: { readonly host: string; readonly port: number } | undefined;
  earlyHints(headers: readonly (readonly [string, string])[]): void;
}

/** Makes environs: the CGI variables and the `wsgi.` keys of PEP 3333, with the keys Gunicorn adds. */
export class EnvironMaker {
  readonly #version: readonly number[] = [1, 0];
  readonly #base: EnvironBase;
  readonly #errors: Readonly<Record<string, unknown>>;

  constructor(base: EnvironBase) {
    this.#base = base;
    this.#errors = errorStream(base.log);
  }

  /** @throws {Error} when the path is outside of `SCRIPT_NAME` */
  make(request: WsgiRequest, parts: EnvironParts): WsgiEnviron {
    const { target, scheme } = request;
    const { path, query } = splitTarget(target);
    const { scriptName, multithread, multiprocess } = this.#base;
    const environ: WsgiEnviron = {
      'wsgi.version': this.#version,
      'wsgi.url_scheme': scheme,
      'wsgi.input': parts.input,
      'wsgi.errors': this.#errors,
      'wsgi.multithread': multithread,
      'wsgi.multiprocess': multiprocess,
      'wsgi.run_once': false,
      'wsgi.file_wrapper': fileWrapper,
      'wsgi.input_terminated': true,
      'wsgi.early_hints': parts.earlyHints,
      'gunicorn.socket': parts.socket,
      SERVER_SOFTWARE: 'gunicorn-ts',
      REQUEST_METHOD: request.method,
      RAW_URI: target,
      SCRIPT_NAME: scriptName,
      PATH_INFO: decodePath(path),
      QUERY_STRING: query,
      SERVER_PROTOCOL: request.protocol,
      SERVER_NAME: '',
      SERVER_PORT: '',
      REMOTE_ADDR: parts.remoteHost,
    };
    if (parts.remotePort !== 0) environ['REMOTE_PORT'] = String(parts.remotePort);
    addServer(environ, request, parts.local);
    addHeaders(environ, request);
    if (environ['SCRIPT_NAME'] !== '') removeScriptName(environ);
    return environ;
  }
}

let lastPort = 0;
let lastPortText = '0';

/** Most requests come in by one listener. */
function portText(port: number): string {
  if (port !== lastPort) {
    lastPort = port;
    lastPortText = String(port);
  }
  return lastPortText;
}

function addServer(environ: WsgiEnviron, request: WsgiRequest, local: EnvironParts['local']): void {
  if (local !== undefined) {
    environ['SERVER_NAME'] = local.host;
    environ['SERVER_PORT'] = portText(local.port);
    return;
  }
  // A unix socket: the client's idea of the server is all there is. PEP 3333 forbids both to be empty.
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(request.host) ?? [];
  environ['SERVER_NAME'] = host === undefined || host === '' ? 'localhost' : host;
  environ['SERVER_PORT'] = port ?? (request.scheme === 'https' ? '443' : '80');
}

function addHeaders(environ: WsgiEnviron, { fields }: WsgiRequest): void {
  for (let index = 0; index < fields.count; index++) {
    const key = headerKey(fields.name(index));
    const value = fields.value(index);
    const earlier = environ[key];
    // Fields are joined as lists are (RFC 9110 5.3), but for Cookie, whose pairs have a separator of their own (RFC 6265 5.4).
    if (typeof earlier !== 'string') environ[key] = value;
    else environ[key] = key === 'HTTP_COOKIE' ? `${earlier}; ${value}` : `${earlier},${value}`;
    // Such a header comes from a trusted proxy, or it would have been dropped: it tells where it mounted us.
    if (key === 'HTTP_SCRIPT_NAME' && fields.name(index).includes('_')) environ['SCRIPT_NAME'] = value;
  }
}

function removeScriptName(environ: WsgiEnviron): void {
  const path = environ['PATH_INFO'] as string;
  const scriptName = environ['SCRIPT_NAME'] as string;
  if (!path.startsWith(scriptName)) {
    throw new Error(
      `The path ${JSON.stringify(path)} does not begin with ${JSON.stringify(scriptName)}, ` +
        'which SCRIPT_NAME (an environment variable, or a header of a trusted proxy) says the application is mounted at',
    );
  }
  environ['PATH_INFO'] = path.slice(scriptName.length);
}
