import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ConnectionInfo, type HttpRules, judgeRawRequest, type Scheme } from '@gunicorn-ts/http';
import { peerAddress, type ProxiedClients } from '@gunicorn-ts/transport';

/** Holds the requests that Node's parser let through to the operator's rules. */
export class Admission {
  readonly #rules: HttpRules;
  readonly #connection: RequestConnection;

  /** @param secure whether the connections of this worker are TLS */
  constructor(rules: HttpRules, secure: boolean, clients: ProxiedClients | undefined) {
    this.#rules = rules;
    this.#connection = new RequestConnection(secure, clients);
  }

  /**
   * Takes away the headers that may not be believed, and gives the scheme that the client used.
   * @param anyExpectation whether an expectation that the server cannot meet passes
   * @throws {RequestError} when the request must be refused
   */
  judge(request: IncomingMessage, anyExpectation = false): Scheme {
    this.#connection.socket = request.socket;
    const verdict = judgeRawRequest(request, this.#connection, this.#rules, anyExpectation);
    if (verdict.keptHeaders !== undefined) keepOnly(request, verdict.keptHeaders);
    return verdict.scheme;
  }
}

/** One object for all requests, since an address is asked for by few of them. */
class RequestConnection implements ConnectionInfo {
  readonly secure: boolean;
  readonly #clients: ProxiedClients | undefined;
  socket: Socket | undefined;

  constructor(secure: boolean, clients: ProxiedClients | undefined) {
    this.secure = secure;
    this.#clients = clients;
  }

  get address(): string {
    const { socket } = this;
    if (socket === undefined) return '';
    return this.#clients?.proxyOf(socket) ?? peerAddress(socket);
  }
}

/** Node makes `headers` before anybody sees the request, and `headersDistinct` when somebody asks. */
function keepOnly(request: IncomingMessage, kept: readonly string[]): void {
  const { headers, headersDistinct, rawHeaders } = request;
  const names = new Set(kept.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase()));
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (names.has(name)) continue;
    Reflect.deleteProperty(headers, name);
    Reflect.deleteProperty(headersDistinct, name);
  }
  request.rawHeaders = [...kept];
}
