import { errorBody, errorResponse, type ResponseHeadWriter } from '@gunicorn-ts/http';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { transmitBytes } from '@gunicorn-ts/posix';
import { BodyStoreError } from '@gunicorn-ts/wsgi';
import { refusedRecord } from './access-record.ts';
import type { Connection } from './connection.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { faultOfConnection } from './errors.ts';
import type { Reading } from './request-reader.ts';
import type { Watch } from './watch.ts';

const REQUEST_TIMEOUT = 408;

/** Answers connections whose request does not reach the application, and says so in the logs. */
export class Refusals {
  readonly #context: WorkerContext;
  readonly #writer: ResponseHeadWriter;
  readonly #watch: Watch;

  constructor(context: WorkerContext, writer: ResponseHeadWriter, watch: Watch) {
    this.#context = context;
    this.#writer = writer;
    this.#watch = watch;
  }

  /** Ends a connection after a reading that led to no request. */
  turnAway(connection: Connection, incoming: IncomingRequest, reading: Reading): void {
    incoming.discard();
    const { error } = incoming;
    if (reading instanceof BodyStoreError) this.#turnAwayUnstored(connection, incoming, reading);
    else if (reading === 'refused' && error !== undefined) {
      const { status, message: sentence } = error;
      this.#report(connection, incoming, status, sentence);
      this.#answer(
        connection,
        errorResponse(this.#writer, { status, sentence, method: incoming.head?.method }),
      );
    } else {
      connection.close();
    }
  }

  #turnAwayUnstored(connection: Connection, incoming: IncomingRequest, error: BodyStoreError): void {
    const { status, message } = error;
    const { method, target } = incoming.head ?? {};
    this.#context.log.error(message, { method, target, status });
    this.#finished(connection, incoming, errorBody(status), status);
    this.#answer(connection, errorResponse(this.#writer, { status, method }));
  }

  /** The request did not come in time. A client that sent nothing has asked nothing. */
  expire(connection: Connection, incoming: IncomingRequest): void {
    incoming.discard();
    if (!incoming.begun) {
      connection.close();
      return;
    }
    this.#report(connection, incoming, REQUEST_TIMEOUT, 'no complete request in time');
    this.#answer(connection, errorResponse(this.#writer, { status: REQUEST_TIMEOUT }));
  }

  /** Serving it failed in a way that nobody foresaw. */
  fault(connection: Connection, incoming: IncomingRequest, error: unknown): void {
    this.#context.log.error(faultOfConnection(error));
    connection.close();
    incoming.discard();
  }

  #report(connection: Connection, incoming: IncomingRequest, status: number, reason: string): void {
    const peer = connection.peer.host;
    this.#context.log.warning(`Invalid request from ip=${peer}: ${reason}`, { peer, status });
    // A request whose head did not come in time is answered without a sentence.
    this.#finished(connection, incoming, errorBody(status, incoming.error && reason), status);
  }

  #finished({ peer }: Connection, { head }: IncomingRequest, body: string, status: number): void {
    const context = this.#context;
    const bytes = head?.method === 'HEAD' ? 0 : body.length;
    context.requestFinished(context.accessLog ? refusedRecord(peer.host, head, status, bytes) : undefined);
  }

  #answer(connection: Connection, text: string): void {
    try {
      // So short a text finds room, or the client has stopped reading long ago.
      transmitBytes(connection.fd, Buffer.from(text, 'latin1'));
      // In the middle of an upload, which some clients send to its end before they read.
      connection.linger(this.#watch, Infinity);
    } catch {
      connection.close();
    }
  }
}
