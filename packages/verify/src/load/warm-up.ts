import { RawConnection, RequestFailure } from '@gunicorn-ts/load';
import { applicationFails } from '../errors.ts';
import type { Expected } from './clients.ts';

const LEARNING_MS = 1500;
const LEAST_RATE = 5;
const MOST_RATE = 400;

/** What an undisturbed server answers, and half of how much of it a second. */
export interface Learned {
  readonly expected: readonly Expected[];
  readonly rate: number;
}

/**
 * Asks for each path by one client, one request after the other.
 * @throws {OperatorError} `ERR_VERIFY_APPLICATION`
 */
export async function learn(url: URL, paths: readonly string[], limitMs: number): Promise<Learned> {
  const sizes = new Map<string, Set<number>>(paths.map((path) => [path, new Set()]));
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < LEARNING_MS || count < 2 * paths.length) {
    const path = paths[count % paths.length]!;
    sizes.get(path)!.add(await ask(url, path, limitMs));
    count += 1;
  }
  const perSecond = (count / (performance.now() - began)) * 1000;
  return {
    expected: paths.map((path) => {
      const seen = [...sizes.get(path)!];
      return { path, bytes: seen.length === 1 ? seen[0] : undefined };
    }),
    rate: Math.max(LEAST_RATE, Math.min(MOST_RATE, Math.floor(perSecond / 2))),
  };
}

async function ask(url: URL, path: string, limitMs: number): Promise<number> {
  try {
    const connection = await RawConnection.open(url, limitMs);
    const { status, bodyBytes } = await connection.exchange({ path, connection: 'close', limitMs });
    if (status < 200 || status >= 400) throw applicationFails(path, `status ${status}`);
    return bodyBytes;
  } catch (error) {
    if (error instanceof RequestFailure) throw applicationFails(path, error.message);
    throw error;
  }
}
