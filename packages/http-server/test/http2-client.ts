import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { eventually } from '@gunicorn-ts/test-kit';
import type { Circumstances } from './application.ts';

/** How the server is to be started for these clients. */
export const CLEARTEXT: Circumstances = {
  settings: { httpProtocols: ['h2', 'http/1.1'], http2Cleartext: 'prior-knowledge' },
};

/** The same with more settings. */
export function cleartext(settings: Circumstances['settings'], rest: Circumstances = {}): Circumstances {
  return { ...rest, settings: { ...CLEARTEXT.settings, ...settings } };
}

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly informational: readonly IncomingHttpHeaders[];
  /** What the stream was reset with; 0 when it was not. */
  readonly code: number;
}

/** Node's own client. What happens to the connection is for the test to look at. */
export function http2Session(
  t: ExecutionContext,
  origin: string,
  options: ClientSessionOptions = {},
): ClientHttp2Session {
  const session = connectHttp2(origin, options);
  session.on('error', () => {});
  t.teardown(() => session.destroy());
  return session;
}

/** Sends one request and waits for the end of its stream, however that comes. */
export async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

export async function answerOf(stream: ClientHttp2Stream): Promise<Http2Answer> {
  let got: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  let body = '';
  const informational: IncomingHttpHeaders[] = [];
  stream.on('headers', (head) => informational.push(head));
  stream.on('response', (head) => (got = head));
  stream.on('trailers', (fields) => (trailers = fields));
  stream.on('error', () => {});
  stream.setEncoding('latin1');
  stream.on('data', (chunk: string) => (body += chunk));
  // Not by `once` of the events: an error comes before it.
  if (!stream.destroyed) await new Promise((resolve) => stream.once('close', resolve));
  const status = Number((got as Record<string, unknown>)[':status'] ?? 0);
  return { status, headers: got, body, trailers, informational, code: stream.rstCode ?? 0 };
}

export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export const END_STREAM = 1;
export const END_HEADERS = 4;
export const ACK = 1;

/** `GET / HTTP/2` for the host `a`, in HPACK: three entries of its table, and one spelled out. */
export const GET_BLOCK: Buffer = Buffer.from([0x82, 0x84, 0x86, 0x41, 0x01, 0x61]);

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const HEADER_BYTES = 9;

/** The bytes of a frame. */
export function frame(
  type: number,
  { flags = 0, stream = 0, payload = Buffer.alloc(0) }: Partial<Frame> = {},
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A client that sends frames as they are. */
export class FrameClient {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  closed = false;
  #rest: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('error', () => {});
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.write(PREFACE);
    this.send(FRAME.settings);
  }

  send(type: number, parts: Partial<Frame> = {}): this {
    this.socket.write(frame(type, parts));
    return this;
  }

  get(stream: number, flags: number = END_STREAM | END_HEADERS): this {
    return this.send(FRAME.headers, { flags, stream, payload: GET_BLOCK });
  }

  /** Waits for frames of a type. */
  async receives(type: number, times = 1): Promise<readonly Frame[]> {
    await eventually(() => this.of(type).length >= times, `${times} frames of type ${type}`, 10_000);
    return this.of(type);
  }

  of(type: number): readonly Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  async closes(): Promise<void> {
    await eventually(() => this.closed, 'the end of the connection', 10_000);
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#rest.length < HEADER_BYTES) return;
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < HEADER_BYTES + length) return;
      this.frames.push({
        type: this.#rest[3]!,
        flags: this.#rest[4]!,
        stream: this.#rest.readUInt32BE(5),
        payload: Buffer.from(this.#rest.subarray(HEADER_BYTES, HEADER_BYTES + length)),
      });
      this.#rest = this.#rest.subarray(HEADER_BYTES + length);
    }
  }
}

export function frameClient(t: ExecutionContext, port: number): FrameClient {
  const client = new FrameClient(port);
  t.teardown(() => client.socket.destroy());
  return client;
}
