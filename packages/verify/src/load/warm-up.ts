import { Http2Connection, RawConnection, RequestFailure, type Site } from '@gunicorn-ts/load';
import { applicationFails } from '../errors.ts';
import { type Expected, uploadOf } from './clients.ts';
import { WebSocketClient } from './web-socket.ts';

const LEARNING_MS = 1500;
const LEAST_RATE = 5;
const MOST_RATE = 400;
const PROBE_MS = 2000;

/** What the operator wants to be asked for. */
export interface Questions {
  readonly paths: readonly string[];
  /** Posted to. */
  readonly uploads: readonly string[];
  /** Of a WebSocket; `undefined` has the paths tried. */
  readonly webSocket: string | undefined;
}

/** What an undisturbed server answers, and half of how much of it a second. */
export interface Learned {
  readonly expected: readonly Expected[];
  readonly uploads: readonly Expected[];
  readonly rate: number;
  /** Where it takes WebSockets. */
  readonly webSocket: string | undefined;
  /** Whether it speaks HTTP/2 as well. */
  readonly http2: boolean;
}

/**
 * Asks for each path by one client, one request after the other.
 * @throws {OperatorError} `ERR_VERIFY_APPLICATION`
 */
export async function learn(site: Site, questions: Questions, limitMs: number): Promise<Learned> {
  const { paths, uploads } = questions;
  const sizes = new Map<string, Set<number>>(paths.map((path) => [path, new Set()]));
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < LEARNING_MS || count < 2 * paths.length) {
    const path = paths[count % paths.length]!;
    sizes.get(path)!.add(await ask(site, path, { limitMs }));
    count += 1;
  }
  const perSecond = (count / (performance.now() - began)) * 1000;
  for (const path of uploads)
    for (const which of [0, 1]) await ask(site, path, { limitMs, upload: uploadOf(which) });
  return {
    expected: paths.map((path) => {
      const seen = [...sizes.get(path)!];
      return { path, bytes: seen.length === 1 ? seen[0] : undefined };
    }),
    uploads: uploads.map((path) => ({ path, bytes: undefined })),
    rate: Math.max(LEAST_RATE, Math.min(MOST_RATE, Math.floor(perSecond / 2))),
    webSocket: await webSocketPath(site, questions),
    http2: await speaksHttp2(site, paths[0]!),
  };
}

async function ask(
  site: Site,
  path: string,
  how: { readonly limitMs: number; readonly upload?: ReturnType<typeof uploadOf> },
): Promise<number> {
  const method = how.upload === undefined ? 'GET' : 'POST';
  try {
    const connection = await RawConnection.open(site, how.limitMs);
    const { status, bodyBytes } = await connection.exchange({ path, connection: 'close', ...how });
    if (status < 200 || status >= 400) throw applicationFails(`${method} ${path}`, `status ${status}`);
    return bodyBytes;
  } catch (error) {
    if (error instanceof RequestFailure) throw applicationFails(`${method} ${path}`, error.message);
    throw error;
  }
}

/** One that is named must be taken; of the paths, the first that is. */
async function webSocketPath(site: Site, { paths, webSocket }: Questions): Promise<string | undefined> {
  for (const path of webSocket === undefined ? paths : [webSocket]) {
    try {
      const client = await WebSocketClient.open(site, path, PROBE_MS);
      const isThere = await client.ping(PROBE_MS);
      client.close();
      if (isThere) return path;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (webSocket !== undefined) throw applicationFails(`a WebSocket at ${path}`, error.message);
    }
  }
  return undefined;
}

/** Where TLS does not choose it, and where the server does not know its first words, there is no answer by it. */
async function speaksHttp2(site: Site, path: string): Promise<boolean> {
  const connection = new Http2Connection(site, PROBE_MS);
  try {
    await connection.exchange(path);
    return true;
  } catch (error) {
    if (error instanceof RequestFailure) return false;
    throw error;
  } finally {
    connection.close();
  }
}
