import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';

/** A file of a wheel. */
export interface WheelFile {
  readonly data: Buffer;
  readonly isExecutable?: boolean;
}

/** The lowest time that a zip can hold, in seconds since 1970. */
const EARLIEST_S = Date.UTC(1980, 0, 1) / 1000;
const REGULAR_FILE = 0o100000;
const UNIX = 3;

/**
 * The bytes of a wheel: the files, with `RECORD` at their end as the specification of wheels asks, in a zip that is the
 * same for the same files.
 * @param epochS of every file, in seconds since 1970; `SOURCE_DATE_EPOCH` of whoever builds
 */
export function packWheel(
  files: ReadonlyMap<string, WheelFile>,
  distInfo: string,
  epochS: number = EARLIEST_S,
): Buffer {
  const record = `${distInfo}/RECORD`;
  const paths = [...files.keys()].sort(
    (one, other) => rank(one, distInfo) - rank(other, distInfo) || (one < other ? -1 : 1),
  );
  const lines = paths.map((path) => recordLine(path, files.get(path)!.data));
  const contents: Zippable = {};
  for (const path of paths) contents[path] = [files.get(path)!.data, attributes(files.get(path)!, epochS)];
  const data = Buffer.from(`${[...lines, `${record},,`].join('\n')}\n`);
  contents[record] = [data, attributes({ data }, epochS)];
  return Buffer.from(zipSync(contents, { level: 9 }));
}

/** What describes a wheel stands at its end, where it is found without reading the whole. */
function rank(path: string, distInfo: string): number {
  return path.startsWith(`${distInfo}/`) ? 1 : 0;
}

/** Path, hash and size, the path in quotes where CSV asks for them. */
export function recordLine(path: string, data: Buffer): string {
  const name = /[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
  return `${name},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`;
}

function attributes({ isExecutable }: WheelFile, epochS: number): { mtime: Date; os: number; attrs: number } {
  const mode = REGULAR_FILE | (isExecutable === true ? 0o755 : 0o644);
  return { mtime: asLocal(Math.max(epochS, EARLIEST_S)), os: UNIX, attrs: mode * 2 ** 16 };
}

/** A zip holds a wall clock: the one of UTC, wherever it is built. */
function asLocal(epochS: number): Date {
  const utc = new Date(epochS * 1000);
  return new Date(
    utc.getUTCFullYear(),
    utc.getUTCMonth(),
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  );
}
