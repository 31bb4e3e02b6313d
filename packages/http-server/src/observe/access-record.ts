import type { RequestHead } from '@gunicorn-ts/http';
import type { AccessRecord } from '@gunicorn-ts/interface';
import type { EndedRequest } from './ended-request.ts';

/** What the access log needs of a request. Asks as late as it can. */
export class RequestRecord implements AccessRecord {
  readonly remoteAddress: string;
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly #ended: EndedRequest;

  constructor(ended: EndedRequest, durationMs: number) {
    const { head } = ended;
    this.remoteAddress = ended.remoteAddress;
    this.method = head.method;
    this.target = head.target;
    this.protocol = head.protocol;
    this.status = ended.status;
    this.bytes = ended.bytes;
    this.durationMs = durationMs;
    this.#ended = ended;
  }

  requestHeader(name: string): string | undefined {
    return this.#ended.head.fields.get(name.toLowerCase());
  }

  responseHeader(name: string): string | undefined {
    return this.#ended.responseHeader(name);
  }

  environ(name: string): string | undefined {
    const value = this.#ended.environ?.[name];
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
  }
}

/** What is known of a request that was refused: nothing, unless its head was read. */
export function refusedRecord(
  remoteAddress: string,
  status: number,
  bytes: number,
  head?: RequestHead,
): AccessRecord {
  return {
    remoteAddress,
    method: head?.method ?? '-',
    target: head?.target ?? '-',
    protocol: head?.protocol ?? '-',
    status,
    bytes,
    durationMs: 0,
    requestHeader: (name) => head?.fields.get(name.toLowerCase()),
    responseHeader: () => undefined,
  };
}
