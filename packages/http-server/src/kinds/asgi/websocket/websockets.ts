import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHead } from '@gunicorn-ts/http';
import type { AsgiHead, AsgiSocketOptions } from '@gunicorn-ts/interface';
import { type PerMessageDeflateOptions, type ServerOptions, WebSocket, WebSocketServer } from 'ws';

/** Those that the worker tells to connect anew; the code is IANA's. */
const SERVICE_RESTART = 1012;
const PING_TIMEOUT = 1011;
/** How long a client has to answer a close frame, in milliseconds. */
const CLOSE_MS = 10_000;

/** A window of 15 bits and the usual memory would cost each connection a quarter of a megabyte. */
const DEFLATE: PerMessageDeflateOptions = {
  serverMaxWindowBits: 12,
  clientMaxWindowBits: 12,
  zlibDeflateOptions: { memLevel: 5 },
  threshold: 128,
};

/** What completes a handshake. */
export interface Opening {
  readonly head: RequestHead;
  readonly socket: Duplex;
  readonly rest: Buffer;
  readonly subprotocol: string | undefined;
  readonly headers: AsgiHead['headers'];
  /** The worker leaves, and has told the client. */
  onLeave(code: number): void;
}

/** What `ws` looks at in a request. */
interface FakeRequest {
  readonly method: 'GET';
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly opening: Opening;
}

/** The WebSockets of a worker. */
export class WebSockets {
  readonly #options: AsgiSocketOptions;
  readonly #server: WebSocketServer;
  readonly #open = new Map<WebSocket, { isAlive: boolean; readonly opening: Opening }>();
  #pinging: NodeJS.Timeout | undefined;
  #isLeaving = false;

  constructor(options: AsgiSocketOptions) {
    this.#options = options;
    // Not in its types yet: `closeTimeout`.
    const serverOptions: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxMessageSize,
      perMessageDeflate: options.deflates ? DEFLATE : false,
      closeTimeout: CLOSE_MS,
      handleProtocols: (_, request) => openingOf(request).subprotocol ?? false,
    };
    this.#server = new WebSocketServer(serverOptions);
    this.#server.on('headers', (lines: string[], request) => {
      for (const [name, value] of openingOf(request).headers) lines.push(`${name}: ${value}`);
    });
  }

  /** Sends the 101. */
  open(opening: Opening, onOpen: (socket: WebSocket) => void): void {
    const { fields } = opening.head;
    const headers = {
      upgrade: 'websocket',
      'sec-websocket-key': fields.get('sec-websocket-key'),
      'sec-websocket-version': fields.get('sec-websocket-version'),
      'sec-websocket-extensions': fields.get('sec-websocket-extensions'),
      'sec-websocket-protocol': opening.subprotocol,
    };
    const request: FakeRequest = { method: 'GET', headers, opening };
    const { socket, rest } = opening;
    this.#server.handleUpgrade(request as unknown as IncomingMessage, socket, rest, (opened) => {
      const state = { isAlive: true, opening };
      this.#open.set(opened, state);
      opened.on('pong', () => (state.isAlive = true));
      opened.on('message', () => (state.isAlive = true));
      opened.once('close', () => this.#open.delete(opened));
      this.#keepPinging();
      onOpen(opened);
      if (this.#isLeaving) dismiss(opened, opening);
    });
  }

  /** Tells the clients to connect anew; those that are left at the deadline are cut. */
  leave(deadlineMs: number): void {
    this.#isLeaving = true;
    for (const [socket, { opening }] of this.#open) dismiss(socket, opening);
    setTimeout(() => {
      for (const socket of this.#open.keys()) socket.terminate();
    }, deadlineMs).unref();
  }

  #keepPinging(): void {
    const { pingSeconds } = this.#options;
    if (pingSeconds === 0 || this.#pinging !== undefined) return;
    this.#pinging = setInterval(() => this.#ping(), pingSeconds * 1000).unref();
  }

  #ping(): void {
    for (const [socket, state] of this.#open) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      if (state.isAlive || socket.isPaused) {
        // One that is not read cannot be heard.
        state.isAlive = false;
        socket.ping();
      } else {
        socket.close(PING_TIMEOUT, 'keepalive ping timeout');
        socket.terminate();
      }
    }
    if (this.#open.size > 0) return;
    clearInterval(this.#pinging);
    this.#pinging = undefined;
  }
}

function dismiss(socket: WebSocket, opening: Opening): void {
  socket.close(SERVICE_RESTART);
  opening.onLeave(SERVICE_RESTART);
}

function openingOf(request: IncomingMessage): Opening {
  return (request as unknown as FakeRequest).opening;
}
