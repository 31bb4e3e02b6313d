import {
  errorBody,
  errorResponse,
  type RequestError,
  type RequestHead,
  type ResponseHeadWriter,
} from '@gunicorn-ts/http';
import type { Logger } from '@gunicorn-ts/interface';
import type { ServedConnection } from '../connection/served-connection.ts';
import { refusedRecord } from '../observe/access-record.ts';
import { answerTo } from '../observe/request-id.ts';
import type { RequestObserver } from '../observe/request-observer.ts';

const REQUEST_TIMEOUT = 408;
const NO_HEAD = 'no complete request head in time';

/** What refusing needs. */
export interface RefusalParts {
  readonly log: Logger;
  readonly writer: ResponseHeadWriter;
  readonly observer: RequestObserver;
}

/** Answers what is not served, and says so in the logs. */
export class Refusals {
  readonly #parts: RefusalParts;

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /** What arrived is no request that may be served. */
  refuse(connection: ServedConnection, { status, message }: RequestError): void {
    this.warn(connection, status, message);
    this.#end(connection, status, message);
  }

  /** No complete head in time. A client that sent nothing has asked nothing. */
  expire(connection: ServedConnection): void {
    if (connection.stage === 'fresh') {
      const peer = connection.transport.peer.host;
      this.#parts.log.debug(`Invalid request from ip=${peer}: ${NO_HEAD}`, { peer });
      connection.close(false);
      return;
    }
    this.warn(connection, REQUEST_TIMEOUT, NO_HEAD);
    this.#end(connection, REQUEST_TIMEOUT);
  }

  warn({ transport, proxy }: ServedConnection, status: number, reason: string): void {
    const peer = proxy?.source?.address ?? transport.peer.host;
    this.#parts.log.warning(`Invalid request from ip=${peer}: ${reason}`, { peer, status });
  }

  /** The text of an answer. */
  text(status: number, sentence?: string, head?: RequestHead): string {
    return errorResponse(this.#parts.writer, { status, sentence, ...(head && answerTo(head)) });
  }

  #end(connection: ServedConnection, status: number, sentence?: string): void {
    const { transport, proxy } = connection;
    const peer = proxy?.source?.address ?? transport.peer.host;
    transport.text(this.text(status, sentence));
    transport.flush();
    connection.stopReading();
    connection.close(true);
    this.#parts.observer.refused(status, () =>
      refusedRecord(peer, status, errorBody(status, sentence).length),
    );
  }
}
