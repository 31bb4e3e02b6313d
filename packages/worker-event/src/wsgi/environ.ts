import type { IncomingMessage } from 'node:http';
import type { Logger, WsgiEnviron } from '@gunicorn-ts/interface';
import type { Scheme } from '../forwarded.ts';
import { fileWrapper } from './file-wrapper.ts';
import { headerKey } from './header-key.ts';
import { decodePath, splitTarget } from './request-target.ts';
import type { WsgiInput } from './wsgi-input.ts';

/** What is the same for all requests of a worker. */
export interface EnvironBase {
  readonly multiprocess: boolean;
  /** The prefix that the application is mounted at: the variable `SCRIPT_NAME` of the process. */
  readonly scriptName: string;
  readonly log: Logger;
}

/** What belongs to one request besides its head. */
export interface EnvironParts {
  readonly scheme: Scheme;
  readonly input: WsgiInput;
  earlyHints(headers: readonly (readonly [string, string])[]): void;
}

/** Makes environs: the CGI variables and the `wsgi.` keys of PEP 3333, with the keys Gunicorn adds. */
export class EnvironMaker {
  readonly #constant: WsgiEnviron;
  readonly #scriptName: string;

  constructor({ multiprocess, scriptName, log }: EnvironBase) {
    this.#scriptName = scriptName;
    this.#constant = {
      'wsgi.version': [1, 0],
      'wsgi.errors': errorStream(log),
      // Requests take turns on one thread; while one waits, another runs.
      'wsgi.multithread': true,
      'wsgi.multiprocess': multiprocess,
      'wsgi.run_once': false,
      'wsgi.file_wrapper': fileWrapper,
      'wsgi.input_terminated': true,
      SERVER_SOFTWARE: 'gunicorn-ts',
      SCRIPT_NAME: scriptName,
    };
  }

  /** @throws {Error} when the path is outside of `SCRIPT_NAME` */
  make(request: IncomingMessage, parts: EnvironParts): WsgiEnviron {
    const target = request.url ?? '';
    const { path, query } = splitTarget(target);
    const environ: WsgiEnviron = {
      ...this.#constant,
      'wsgi.url_scheme': parts.scheme,
      'wsgi.input': parts.input,
      'wsgi.early_hints': parts.earlyHints,
      'gunicorn.socket': request.socket,
      REQUEST_METHOD: request.method ?? '',
      RAW_URI: target,
      PATH_INFO: this.#pathInfo(decodePath(path)),
      QUERY_STRING: query,
      SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    };
    addAddresses(environ, request, parts.scheme);
    addHeaders(environ, request.rawHeaders);
    return environ;
  }

  #pathInfo(path: string): string {
    if (this.#scriptName === '') return path;
    if (!path.startsWith(this.#scriptName)) {
      throw new Error(
        `The path ${JSON.stringify(path)} does not begin with ${JSON.stringify(this.#scriptName)}, ` +
          'which the environment variable SCRIPT_NAME says the application is mounted at',
      );
    }
    return path.slice(this.#scriptName.length);
  }
}

function addAddresses(environ: WsgiEnviron, request: IncomingMessage, scheme: Scheme): void {
  const { remoteAddress, remotePort, localAddress, localPort } = request.socket;
  environ['REMOTE_ADDR'] = remoteAddress ?? '';
  if (remotePort !== undefined) environ['REMOTE_PORT'] = String(remotePort);
  if (localAddress !== undefined && localPort !== undefined) {
    environ['SERVER_NAME'] = localAddress;
    environ['SERVER_PORT'] = String(localPort);
    return;
  }
  // A unix socket: the client's idea of the server is all there is. PEP 3333 forbids both to be empty.
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(request.headers.host ?? '') ?? [];
  environ['SERVER_NAME'] = host === undefined || host === '' ? 'localhost' : host;
  environ['SERVER_PORT'] = port ?? (scheme === 'https' ? '443' : '80');
}

function addHeaders(environ: WsgiEnviron, rawHeaders: readonly string[]): void {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = headerKey(rawHeaders[index] ?? '');
    if (key === undefined) continue;
    const value = rawHeaders[index + 1] ?? '';
    const earlier = environ[key];
    environ[key] = typeof earlier === 'string' ? `${earlier},${value}` : value;
  }
}

function errorStream(log: Logger): Readonly<Record<string, unknown>> {
  const write = (text: string): void => {
    const line = text.trimEnd();
    if (line !== '') log.error(line);
  };
  return {
    write,
    writelines(lines: Iterable<string>) {
      for (const line of lines) write(line);
    },
    flush() {},
  };
}
