import { parseStatus, type Status } from '@gunicorn-ts/http';
import type { WsgiStartResponse } from '@gunicorn-ts/interface';

/** The pairs that `start_response` takes. */
export type WsgiHeaders = readonly (readonly [name: string, value: string])[];

/** What the rules of `start_response` need to know of the response, and where its `write` goes. */
export interface StartedResponse {
  /** Whether the head is out and cannot be taken back. */
  readonly begun: boolean;
  write(chunk: Uint8Array): unknown;
}

/** Applications use few statuses. */
const MOST_KNOWN = 64;
const knownStatuses = new Map<string, Status>();

/** What an application said to `start_response`, and the rules of PEP 3333 for saying it. */
export class ResponseStart {
  readonly #response: StartedResponse;
  #status: Status | undefined;
  #headers: WsgiHeaders = [];

  constructor(response: StartedResponse) {
    this.#response = response;
  }

  /** @throws {Error} when the application has not called `start_response` */
  get status(): Status {
    if (this.#status === undefined) throw new Error('The application did not call start_response');
    return this.#status;
  }

  /** In their shape; names and values are checked when the head is written. */
  get headers(): WsgiHeaders {
    return this.#headers;
  }

  readonly startResponse: WsgiStartResponse = (status, headers, excInfo) => {
    if (excInfo !== undefined && excInfo !== null) {
      // The head cannot be taken back: the application's error ends the response.
      if (this.#response.begun) throw Array.isArray(excInfo) ? (excInfo[1] ?? excInfo[0]) : excInfo;
    } else if (this.#status !== undefined) {
      throw new Error('start_response was called a second time, without exc_info');
    }
    if (typeof status !== 'string') {
      throw new TypeError(`start_response wants a status such as "200 OK", not ${JSON.stringify(status)}`);
    }
    checkHeaders(headers);
    this.#status = knownStatuses.get(status) ?? readStatus(status);
    this.#headers = headers;
    return (chunk) => void this.#response.write(checkedChunk(chunk));
  };
}

function readStatus(text: string): Status {
  const status = parseStatus(text);
  if (knownStatuses.size < MOST_KNOWN) knownStatuses.set(text, status);
  return status;
}

function checkHeaders(headers: unknown): asserts headers is WsgiHeaders {
  if (!Array.isArray(headers)) {
    throw new TypeError(`start_response wants an array of [name, value] pairs, not ${typeof headers}`);
  }
  for (const pair of headers as readonly unknown[]) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw new TypeError(
        `A response header is a [name, value] pair of strings, not ${JSON.stringify(pair)}`,
      );
    }
  }
}

/** @throws {TypeError} for text, which has no bytes before somebody encodes it, and everything else */
export function checkedChunk(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  const found = chunk === null ? 'null' : typeof chunk;
  throw new TypeError(
    `A WSGI body consists of Uint8Arrays, but the application gave a ${found}; encode text, and return [bytes]`,
  );
}
