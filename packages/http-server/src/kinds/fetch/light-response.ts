/** The body of a response that is known from the beginning. */
export type KnownBody = string | Uint8Array | undefined;

/** Names and values as they were given to `new Response`. */
export type LightHeaders = [name: string, value: string][];

type Init = ResponseInit | undefined;
type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>;
type HeadersInit = NonNullable<ResponseInit['headers']>;

const NativeResponse: typeof Response = globalThis.Response;
const NO_BODY_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `Response` that remembers what it was made of, and becomes one of Node's only when somebody asks it for
 * more. Node's costs as much as the rest of the request, and gives its bytes back only asynchronously.
 */
export class LightResponse {
  readonly #body: KnownBody;
  readonly #init: Init;
  readonly #isLight: boolean;
  #native: Response | undefined;

  constructor(body?: BodyInit | null, init?: ResponseInit) {
    const known = knownBody(body);
    this.#isLight = (known !== undefined || body === undefined || body === null) && isPlain(known, init);
    this.#body = known;
    this.#init = init;
    if (!this.#isLight) this.#native = new NativeResponse(body, init);
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof NativeResponse;
  }

  static json(data: unknown, init?: ResponseInit): Response {
    const text = JSON.stringify(data);
    if (text === undefined || init?.headers !== undefined) return NativeResponse.json(data, init);
    const headers = { 'content-type': 'application/json' };
    return new LightResponse(text, { ...init, headers }) as unknown as Response;
  }

  static error(): Response {
    return NativeResponse.error();
  }

  static redirect(...parameters: Parameters<typeof Response.redirect>): Response {
    return NativeResponse.redirect(...parameters);
  }

  /** The body, when nobody has made a stream of it. `false` when it is not known. */
  static bodyOf(response: Response): KnownBody | false {
    if (!(#body in response) || !response.#isLight || response.#native?.bodyUsed === true) return false;
    return response.#body;
  }

  /** The headers as they were given, or as they were changed to. */
  static headersOf(response: Response): LightHeaders {
    if (!(#body in response) || response.#native !== undefined) return [...response.headers];
    const headers = pairsOf(response.#init?.headers);
    if (typeof response.#body === 'string' && !headers.some(([name]) => isContentType(name))) {
      headers.push(['content-type', 'text/plain;charset=UTF-8']);
    }
    return headers;
  }

  get native(): Response {
    return (this.#native ??= new NativeResponse(this.#body as BodyInit | undefined, this.#init));
  }

  get status(): number {
    return this.#native?.status ?? this.#init?.status ?? 200;
  }

  get statusText(): string {
    return this.#native?.statusText ?? this.#init?.statusText ?? '';
  }
}

const DELEGATED_GETTERS = ['body', 'bodyUsed', 'headers', 'ok', 'redirected', 'type', 'url'] as const;
const DELEGATED_METHODS = ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'] as const;

for (const name of DELEGATED_GETTERS) {
  Object.defineProperty(LightResponse.prototype, name, {
    get(this: LightResponse) {
      return this.native[name];
    },
    configurable: true,
    enumerable: true,
  });
}
for (const name of DELEGATED_METHODS) {
  Object.defineProperty(LightResponse.prototype, name, {
    value(this: LightResponse) {
      return this.native[name]();
    },
    configurable: true,
    writable: true,
  });
}
Object.setPrototypeOf(LightResponse.prototype, NativeResponse.prototype);

/** From now on `new Response` makes light ones, and `instanceof Response` knows both. */
export function installLightResponse(): void {
  Object.defineProperty(globalThis, 'Response', {
    value: LightResponse,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

function knownBody(body: BodyInit | null | undefined): KnownBody {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return body.slice();
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  return undefined;
}

/** Whether Node's constructor would take it as it is; if not, its errors are what the application should see. */
function isPlain(body: KnownBody, init: Init): boolean {
  if (init === undefined) return true;
  const { status = 200, statusText = '', headers } = init;
  if (!Number.isInteger(status) || status < 200 || status > 599 || statusText !== '') return false;
  if (body !== undefined && NO_BODY_STATUSES.has(status)) return false;
  return headers === undefined || headers instanceof Headers || Array.isArray(headers) || isRecord(headers);
}

function isRecord(headers: object): boolean {
  return Object.values(headers).every((value) => typeof value === 'string');
}

function pairsOf(headers: HeadersInit | undefined): LightHeaders {
  if (headers === undefined) return [];
  if (headers instanceof Headers) return [...headers];
  if (Array.isArray(headers)) return headers.map(([name, value]) => [String(name), String(value)]);
  return Object.entries(headers) as LightHeaders;
}

function isContentType(name: string): boolean {
  return name.length === 12 && name.toLowerCase() === 'content-type';
}
