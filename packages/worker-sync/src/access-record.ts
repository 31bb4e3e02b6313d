import type { RequestHead } from '@gunicorn-ts/http';
import type { AccessRecord } from '@gunicorn-ts/interface';
import type { Exchange } from './exchange.ts';

/** As nginx writes it: the client closed the connection before a response began. Never what the server itself cut. */
export const CLIENT_CLOSED_REQUEST = 499;
const GATEWAY_TIMEOUT = 504;

/** What the access log needs of a request whose response is complete or was given up. Asks as late as it can. */
class ExchangeRecord implements AccessRecord {
  readonly remoteAddress: string;
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, durationMs: number) {
    const { head } = exchange;
    this.remoteAddress = exchange.client.host;
    this.method = head.method;
    this.target = head.target;
    this.protocol = head.protocol;
    this.status = statusOf(exchange);
    this.bytes = exchange.bytes;
    this.durationMs = durationMs;
    this.#exchange = exchange;
  }

  requestHeader(name: string): string | undefined {
    return this.#exchange.head.fields.get(name.toLowerCase());
  }

  responseHeader(name: string): string | undefined {
    return headerIn(this.#exchange.responseText, name);
  }

  environ(name: string): string | undefined {
    return environText(this.#exchange.environ?.[name]);
  }
}

export function accessRecord(exchange: Exchange, durationMs: number): AccessRecord {
  return new ExchangeRecord(exchange, durationMs);
}

/** What is known of a request that was refused: nothing, unless its head was read. */
export function refusedRecord(
  remoteAddress: string,
  head: RequestHead | undefined,
  status: number,
  bytes = 0,
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

export function statusOf({ status, outbox, abandoned, answeredByWatchdog }: Exchange): number {
  if (answeredByWatchdog) return GATEWAY_TIMEOUT;
  const nothingSent = status === 0 || (outbox.gone && !outbox.begun);
  return nothingSent && !abandoned ? CLIENT_CLOSED_REQUEST : status;
}

/** A header's value, or its values joined, in the text of a head. */
export function headerIn(head: string, name: string): string | undefined {
  const wanted = `${name.toLowerCase()}:`;
  const values: string[] = [];
  for (const line of head.split('\r\n')) {
    if (line.slice(0, wanted.length).toLowerCase() === wanted) values.push(line.slice(wanted.length).trim());
  }
  return values.length === 0 ? undefined : values.join(', ');
}

function environText(value: unknown): string | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
