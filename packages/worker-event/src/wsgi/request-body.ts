import { randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from './wsgi-input.ts';

/** The body of a request, whole. */
export interface RequestBody extends ByteSource {
  /** Gives back what it occupies. */
  close(): Promise<void>;
}

/** Bytes up to which a body is kept in memory; a larger one goes to a file in the temporary directory. */
const MEMORY_LIMIT = 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** A body of known bytes. */
export function memoryBody(bytes: Buffer = EMPTY): RequestBody {
  return {
    length: bytes.length,
    slice: (start, end) => bytes.subarray(start, end),
    close: () => Promise.resolve(),
  };
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Reads the body to its end: a WSGI application reads synchronously, and JavaScript cannot wait there.
 * Rejects when the client leaves before the end, or when the file cannot be written.
 */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  let file: SpooledBody | undefined;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      chunks.push(chunk);
      if (file === undefined && length <= MEMORY_LIMIT) continue;
      file ??= await SpooledBody.create();
      await file.append(chunks.splice(0));
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  return file ?? memoryBody(Buffer.concat(chunks));
}

/** A body in a file that has no name any more, so that it goes with its descriptor however the process ends. */
class SpooledBody implements RequestBody {
  readonly #file: FileHandle;
  #length = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(): Promise<SpooledBody> {
    const path = join(tmpdir(), `gunicorn-body-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new SpooledBody(file);
  }

  get length(): number {
    return this.#length;
  }

  async append(chunks: readonly Buffer[]): Promise<void> {
    for (const chunk of chunks) {
      await this.#file.appendFile(chunk);
      this.#length += chunk.length;
    }
  }

  slice(start: number, end: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    const read = readSync(this.#file.fd, bytes, 0, bytes.length, start);
    return bytes.subarray(0, read);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
