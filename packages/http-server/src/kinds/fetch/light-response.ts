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
  readonly #status: number;
  /** As they were given, which may be changed behind. `undefined` when Node's has them alone. */
  readonly #headers: LightHeaders | undefined;
  #native: Response | undefined;

  constructor(body?: BodyInit | null, init?: ResponseInit) {
    const known = knownBody(body);
    const isKnown = known !== undefined || body === undefined || body === null;
    this.#body = known;
    this.#status = init?.status ?? 200;
    this.#headers = isKnown && isPlainStart(known, init) ? pairsOf(init?.headers) : undefined;
    if (this.#headers === undefined) this.#native = new NativeResponse(body, init);
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
    if (!(#body in response) || response.#headers === undefined) return false;
    if (response.#native?.bodyUsed === true) return false;
    return response.#body;
  }

  /** The headers as they were given, or as they were changed to. */
  static headersOf(response: Response): LightHeaders {
    if (!(#body in response) || response.#native !== undefined) return [...response.headers];
    const headers = response.#headers!;
    if (typeof response.#body !== 'string') return headers;
    for (const [name] of headers) if (isContentType(name)) return headers;
    return [...headers, TEXT];
  }

  static isLight(value: unknown): value is Response {
    return typeof value === 'object' && value !== null && #body in value;
  }

  /** Whether a value is a response, of these or of Node's. */
  static isResponse(value: unknown): value is Response {
    return this.isLight(value) || value instanceof NativeResponse;
  }

  get native(): Response {
    return (this.#native ??= this.#makeNative());
  }

  get status(): number {
    return this.#native?.status ?? this.#status;
  }

  get statusText(): string {
    return this.#native?.statusText ?? '';
  }

  #makeNative(): Response {
    const init = { status: this.#status, headers: this.#headers! };
    return new NativeResponse(this.#body as BodyInit | undefined, init);
  }
}

const TEXT: LightHeaders[number] = ['content-type', 'text/plain;charset=UTF-8'];

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
function isPlainStart(body: KnownBody, init: Init): boolean {
  if (init === undefined || init === null) return true;
  const { status = 200, statusText = '' } = init;
  if (!Number.isInteger(status) || status < 200 || status > 599 || statusText !== '') return false;
  return body === undefined || !NO_BODY_STATUSES.has(status);
}

/** A copy; `undefined` of what only Node's can judge. */
function pairsOf(headers: HeadersInit | null | undefined): LightHeaders | undefined {
  if (headers === undefined) return [];
  if (typeof headers !== 'object' || headers === null) return undefined;
  // As nearly always, and told at once.
  if (Object.getPrototypeOf(headers) === Object.prototype)
    return entriesOf(headers as Record<string, unknown>);
  if (headers instanceof Headers) return [...headers];
  if (Array.isArray(headers))
    return arePairs(headers) ? headers.map(([name, value]) => [name, value]) : undefined;
  return entriesOf(headers);
}

function arePairs(headers: readonly unknown[]): headers is LightHeaders {
  return headers.every(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && typeof pair[1] === 'string',
  );
}

/** What `Object.entries` gives, without an object for each entry on the way, when all values are text. */
function entriesOf(record: Readonly<Record<string, unknown>>): LightHeaders | undefined {
  if (Symbol.iterator in record) return undefined;
  const pairs: LightHeaders = [];
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (typeof value !== 'string') return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

function isContentType(name: string): boolean {
  if (name.length !== 12) return false;
  return name === 'Content-Type' || name.toLowerCase() === 'content-type';
}
