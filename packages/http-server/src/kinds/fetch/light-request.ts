import type { RequestHead } from '@gunicorn-ts/http';
import type { RequestBody } from '@gunicorn-ts/wsgi';
import { signalOf } from '../direct/abandonment.ts';
import type { Answer } from '../direct/answer.ts';
import type { BodyStream } from '../direct/body-stream.ts';
import { urlOf } from './request-url.ts';

const NativeRequest: typeof Request = globalThis.Request;
const PIECE_BYTES = 64 * 1024;

/**
 * The `Request` that an application is given: method and URL are there, everything else is Node's, made when
 * somebody asks for it.
 */
export class LightRequest {
  readonly #answer: Answer;
  #url: string | undefined;
  #headers: Headers | undefined;
  #native: Request | undefined;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  static isLight(value: unknown): value is LightRequest {
    return typeof value === 'object' && value !== null && #answer in value;
  }

  get method(): string {
    return this.#answer.head.method;
  }

  get url(): string {
    return (this.#url ??= urlOf(this.#answer));
  }

  get headers(): Headers {
    if (this.#native !== undefined) return this.#native.headers;
    return (this.#headers ??= headersOf(this.#answer.head));
  }

  get native(): Request {
    return (this.#native ??= this.#makeNative());
  }

  #makeNative(): Request {
    const { body, stream } = this.#answer;
    const { method } = this;
    const hasBody = (body.length > 0 || stream !== undefined) && method !== 'GET' && method !== 'HEAD';
    return new NativeRequest(this.url, {
      method,
      headers: this.headers,
      signal: signalOf(this.#answer),
      ...(hasBody ? { body: stream === undefined ? contentOf(body) : streamOf(stream), duplex: 'half' } : {}),
    });
  }
}

const DELEGATED_GETTERS = [
  'body',
  'bodyUsed',
  'cache',
  'credentials',
  'destination',
  'duplex',
  'integrity',
  'keepalive',
  'mode',
  'redirect',
  'referrer',
  'referrerPolicy',
  'signal',
] as const;
const DELEGATED_METHODS = ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'] as const;

for (const name of DELEGATED_GETTERS) {
  Object.defineProperty(LightRequest.prototype, name, {
    get(this: LightRequest) {
      return (this.native as unknown as Record<string, unknown>)[name];
    },
    configurable: true,
    enumerable: true,
  });
}
for (const name of DELEGATED_METHODS) {
  Object.defineProperty(LightRequest.prototype, name, {
    value(this: LightRequest) {
      return this.native[name]();
    },
    configurable: true,
    writable: true,
  });
}
Object.setPrototypeOf(LightRequest.prototype, NativeRequest.prototype);

/** Node's constructor would not know a light request by its inside. */
class AnyRequest extends NativeRequest {
  constructor(input: string | URL | Request, init?: RequestInit) {
    super(LightRequest.isLight(input) ? input.native : input, init);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeRequest;
  }
}

/** From now on `new Request` takes the requests that applications are given here. */
export function installLightRequest(): void {
  Object.defineProperty(globalThis, 'Request', {
    value: AnyRequest,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

function headersOf({ fields }: RequestHead): Headers {
  const headers = new Headers();
  for (let index = 0; index < fields.count; index++) headers.append(fields.name(index), fields.value(index));
  return headers;
}

/** The body, which has arrived whole but may be too large to be held in one piece. */
function contentOf(body: RequestBody): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  if (body.length <= PIECE_BYTES) return Uint8Array.from(body.slice(0, body.length));
  let at = 0;
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const end = Math.min(at + PIECE_BYTES, body.length);
      controller.enqueue(Uint8Array.from(body.slice(at, end)));
      at = end;
      if (at === body.length) controller.close();
    },
  });
}

/** The body as it arrives, and as fast as it is read. */
function streamOf(stream: BodyStream): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      type: 'bytes',
      async pull(controller) {
        const piece = await stream.next();
        if (piece !== undefined) controller.enqueue(piece as Uint8Array<ArrayBuffer>);
        else {
          controller.close();
          controller.byobRequest?.respond(0);
        }
      },
      cancel: () => stream.drop(),
    },
    { highWaterMark: 0 },
  );
}
