/** What ASGI calls a scope: what is known of a request, of a WebSocket, or of the life of the worker. */
export type AsgiScope = { readonly type: string } & Record<string, unknown>;

/** A message of ASGI, in either direction. Bytes are `Uint8Array`, header names and values too. */
export type AsgiMessage = { readonly type: string } & Record<string, unknown>;

/** The next message for the application; it waits until there is one. */
export type AsgiReceive = () => Promise<AsgiMessage>;

/** Takes a message of the application. It waits while the client is slower, and rejects what does not belong. */
export type AsgiSend = (message: AsgiMessage) => Promise<void>;

/** An ASGI application in JavaScript (version 3): called once for each request, and once for the life of the worker. */
export type AsgiHandler = (scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) => unknown;

/** What TLS agreed upon with a client: the value of ASGI's extension `tls`, version 0.2. Certificates are PEM. */
export interface AsgiTls {
  readonly server_cert: string | null;
  /** The client's own first; none when it shows none. */
  readonly client_cert_chain: readonly string[];
  /** As RFC 4514 writes it. */
  readonly client_cert_name: string | null;
  /** Why the client's certificate is not valid, when it may stay all the same. */
  readonly client_cert_error: string | null;
  /** As in the protocol: 0x0304 is TLS 1.3. */
  readonly tls_version: number | null;
  /** As the registry of IANA numbers them. */
  readonly cipher_suite: number | null;
}

/** A request, as a gateway is given it. */
export interface AsgiRequest {
  readonly head: {
    readonly method: string;
    /** As the client sent it. */
    readonly target: string;
    /** 10 for HTTP/1.0, 11 for HTTP/1.1. */
    readonly version: number;
    readonly scheme: 'http' | 'https';
    /** Whether the client waits for `100 Continue`, which the first `next` of the body sends. */
    readonly expectsContinue: boolean;
    readonly fields: {
      readonly count: number;
      name(index: number): string;
      value(index: number): string;
    };
    /** Nothing is decoded. */
    parseTarget(): { readonly path: string; readonly query: string };
  };
  readonly client: {
    /** Empty for a unix socket. */
    readonly host: string;
    readonly port: number;
    /** Where the connection was accepted; `undefined` for a unix socket. */
    readonly local: { readonly host: string; readonly port: number } | undefined;
    /** Of the unix socket, where there is but one. */
    readonly path?: string | undefined;
    /** Only where the connection itself is TLS. */
    readonly tls?: AsgiTls | undefined;
  };
  /** The body as it arrives; `undefined` when there is none. */
  readonly stream: AsgiBody | undefined;
}

/** No more is read from the client than is asked for. */
export interface AsgiBody {
  /** The next piece; `undefined` at the end. One at a time. Rejects when the client leaves before the end. */
  next(): Promise<Uint8Array | undefined>;
}

/** The head of a response. Strings are in latin-1, one character a byte. */
export interface AsgiHead {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Where a gateway puts the response. What is said after `end` or `fail` goes nowhere. */
export interface AsgiResponse {
  /** A whole response in one piece. A missing Content-Length is added. */
  respond(head: AsgiHead, body: Uint8Array): void;
  begin(head: AsgiHead): void;
  /** Early hints (103), for a client that understands them and before the head. */
  hint(headers: AsgiHead['headers']): void;
  /**
   * A piece of the body, which must not change before it is sent.
   * @returns false when the client is slower: `drained` is called when it has caught up
   */
  write(piece: Uint8Array): boolean;
  /** @param trailers sent where the client asked for them and the body is chunked */
  end(trailers?: AsgiHead['headers']): void;
  /**
   * Sends a file as the body, to its end, and ends the response. A missing Content-Length is added.
   * @param head absent when `begin` was called
   * @param path bytes are a path as the file system has it
   * @returns settles when the file is open, and its name no longer needed; rejects when it cannot be opened: then
   * nothing was sent, and the response has not ended
   */
  sendFile(head: AsgiHead | undefined, path: string | Uint8Array): Promise<void>;
  /** Answers 500, or cuts a response that has begun; the error goes to the log. */
  fail(error: Error): void;
  /**
   * Nobody answers any more: cuts a response that has begun.
   * @param status what is answered else: 502 when the application is gone, 504 when it hangs
   */
  lose(error: Error, status: 502 | 504): void;
}

/** A call of the application, as the worker sees it. */
export interface AsgiCall {
  /** The client has taken all that was written. */
  drained(): void;
  /** Nobody wants the response any more. Called at most once, and not after the end. */
  abandon(): void;
}

/** Where a gateway puts what an application says to a client that asked for a WebSocket. */
export interface AsgiSocketResponse extends AsgiResponse {
  /** Completes the handshake. Before it, the client can be answered as to any request: that refuses it. */
  accept(subprotocol: string | undefined, headers: AsgiHead['headers']): void;
  /**
   * A message, or a piece of one. It must not change before it is sent.
   * @param onSent called when the client's connection has taken it
   */
  send(data: Uint8Array, form: AsgiMessageForm, onSent: () => void): void;
  /** Ends the connection; after `accept`. */
  close(code: number, reason: string): void;
  /** Nothing more is read from the client, until `resume`. */
  pause(): void;
  resume(): void;
}

/** What a message of a WebSocket is. */
export interface AsgiMessageForm {
  readonly isText: boolean;
  /** Whether nothing more of it follows. */
  readonly isLast: boolean;
}

/** A call of the application for a WebSocket, as the worker sees it. `abandon` is called before `accept` alone. */
export interface AsgiSocketCall extends AsgiCall {
  /** A whole message of the client: text in UTF-8, or bytes. */
  message(data: Uint8Array, isText: boolean): void;
  /** The connection is over. Called once, after `accept`; what the application says after it goes nowhere. */
  closed(code: number, reason: string): void;
}

/** How WebSockets are spoken. */
export interface AsgiSocketOptions {
  /** A message that is longer, unpacked, ends the connection with 1009; in bytes. 0 is no limit. */
  readonly maxMessageSize: number;
  /** How often the client is asked for a sign of life, and how long for it to come, in seconds. 0 never asks. */
  readonly pingSeconds: number;
  /** Whether messages are compressed for clients that offer it. */
  readonly deflates: boolean;
}

/** An application that is called by messages of its own, since it runs elsewhere. Lives in the worker process. */
export interface AsgiGateway {
  /** Whether the client is the one that a trusted proxy names in `X-Forwarded-For`, rather than the proxy. */
  readonly namesForwardedClient?: boolean;
  call(request: AsgiRequest, response: AsgiResponse): AsgiCall;
  /** Without it, WebSockets are refused. */
  connect?(request: AsgiRequest, response: AsgiSocketResponse): AsgiSocketCall;
  /** How WebSockets are spoken. */
  readonly websocket?: AsgiSocketOptions;
  /**
   * The worker leaves, and cuts at `deadlineMs` from now what still runs. Calls that would never end by themselves are
   * told that their client has left, in time for them to say the rest. Called at most once.
   */
  leave?(deadlineMs: number): void;
}
