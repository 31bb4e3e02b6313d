import http from 'node:http';
import https from 'node:https';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Default: a connection of its own for each request. */
  readonly agent?: http.Agent;
  /** PEM certificate to trust; for `https:`. */
  readonly ca?: string;
  /** Take any certificate; for `https:`. */
  readonly insecure?: boolean;
  /** Milliseconds until the whole answer has to be there. Default: 60 000. */
  readonly timeoutMs?: number;
}

export interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** From the start of the request to the end of the answer. */
  readonly ms: number;
}

/**
 * Makes one request, by `node:http` and without any repetition. `url` is one of `server.urls` with a path
 * behind it; of a unix socket the path of the request stands behind a colon: `unix:/tmp/app.sock:/path`.
 */
export async function request(url: string, options: RequestOptions = {}): Promise<Response> {
  const started = performance.now();
  const response = await send(url, options);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const ms = performance.now() - started;
  return { status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString(), ms };
}

function send(url: string, options: RequestOptions): Promise<http.IncomingMessage> {
  const {
    method = 'GET',
    headers = {},
    body,
    agent = false,
    ca,
    insecure = false,
    timeoutMs = 60_000,
  } = options;
  const { protocol, ...where } = target(url);
  return new Promise((resolve, reject) => {
    const outgoing = (protocol === 'https:' ? https : http).request({
      ...where,
      method,
      headers,
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(ca !== undefined && { ca }),
      rejectUnauthorized: !insecure,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function target(url: string): http.RequestOptions & { protocol: string } {
  const unix = /^unix:([^:]+)(?::(.*))?$/.exec(url);
  if (unix !== null) return { protocol: 'http:', socketPath: unix[1] ?? '', path: unix[2] ?? '/' };
  const { protocol, hostname, port, pathname, search } = new URL(url);
  return { protocol, host: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search };
}
