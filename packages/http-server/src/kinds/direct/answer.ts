import type { RequestHead, ResponseDraft } from '@gunicorn-ts/http';
import type { AsgiTls, WsgiEnviron } from '@gunicorn-ts/interface';
import type { RequestBody } from '@gunicorn-ts/wsgi';
import type { BodyStream } from './body-stream.ts';
import type { UpgradedConnection } from './upgraded-connection.ts';

/** Who asks, and where. */
export interface Client {
  /** Address that the load balancer named, or of the peer; empty for a unix socket. */
  readonly host: string;
  /** 0 when there is none. */
  readonly port: number;
  /** Where the connection was accepted; `undefined` for a unix socket. */
  readonly local: { readonly host: string; readonly port: number } | undefined;
  /** What TLS agreed upon; absent where the connection is none. */
  readonly tls?: AsgiTls | undefined;
}

/** A request and the answer to it, as kinds of applications see them that need no objects of Node's. */
export interface Answer {
  readonly head: RequestHead;
  readonly client: Client;
  /** The body, when it has arrived whole; empty when it is a stream. */
  readonly body: RequestBody;
  /** The body as it arrives; `undefined` when it is there, or there is none. */
  readonly stream: BodyStream | undefined;
  /** Called when the request is given up before its response is complete; see `signalOf`. */
  onAbandoned: ((reason: Error) => void) | undefined;
  /** Of a WSGI application, for the access log. */
  environ: WsgiEnviron | undefined;
  /** Whether the head is out and cannot be taken back. */
  readonly begun: boolean;
  /** Whether anything that is written now would be for nothing. */
  readonly unwanted: boolean;
  /** Whether nothing that is written arrives any more. */
  readonly gone: boolean;
  /** Whether the kernel has taken all that was written. */
  readonly isDrained: boolean;
  /** Resolves when it has, or the client is gone. */
  drained(): Promise<void>;
  /** @throws {ResponseError} when the head cannot be sent; nothing was sent then */
  begin(draft: ResponseDraft): void;
  /** Adds a piece of the body, as much of it as the head allows. It must not change before it is sent. */
  write(chunk: Uint8Array): void;
  /** Adds a whole body that is text. */
  writeText(text: string, byteLength: number): void;
  readonly sendsFiles: boolean;
  /** Adds a part of a file from its current position on. Only where files are sent, and the length is known. */
  writeFile(file: number, size: number): void;
  flush(): void;
  /**
   * Ends the response.
   * @param isLast nothing of the application runs any more
   * @param trailers sent where the client asked for them and the framing has a place
   * @returns how many bytes it is shorter than its head promised
   * @throws {ResponseError} when a trailer cannot be sent; the response has not ended then
   */
  end(isLast?: boolean, trailers?: ResponseDraft['headers']): number;
  /** Takes the connection, once its request is complete: it leaves HTTP, and the request is over when that is told. */
  upgrade(): UpgradedConnection;
  /** A 103, when the client understands one and it is not too late. */
  hint(headers: ResponseDraft['headers']): void;
}

/** What a promise is, where each request would have to pay for one. */
export interface Settling {
  /** Calls one of them, once; at once when all is over. */
  onSettled(succeed: () => void, fail: (error: unknown) => void): void;
}

/**
 * Has the application answer, and sends what it answers. Returns a promise only when the application, or the
 * client, makes it wait. What the application throws comes out of it.
 */
export type Respond = (answer: Answer) => void | Promise<void> | Settling;
