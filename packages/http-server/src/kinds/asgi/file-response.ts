import { type FileHandle, open } from 'node:fs/promises';
import type { AsgiHead } from '@gunicorn-ts/interface';
import type { Answer } from '../direct/answer.ts';

const PIECE_BYTES = 64 * 1024;

/** A file that an application has named as the body of its response. */
export class FileResponse {
  readonly #file: FileHandle;
  readonly #size: number;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Rejects when it cannot be read, or is no file. */
  static async open(path: string | Uint8Array): Promise<FileResponse> {
    const file = await open(typeof path === 'string' ? path : Buffer.from(path), 'r');
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new Error('it is no file');
      return new FileResponse(file, status.size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Sends head, file and end; resolves with how many bytes the file was too short. */
  async send(answer: Answer, head: AsgiHead | undefined): Promise<number> {
    try {
      if (head !== undefined) answer.begin({ ...head, bodyLength: this.#size });
      // The kernel's own way needs a length, which a head that left before may not have.
      if (head !== undefined && answer.sendsFiles && !answer.unwanted)
        answer.writeFile(this.#file.fd, this.#size);
      else await this.#sendPieces(answer);
      return answer.gone ? 0 : answer.end(true);
    } finally {
      await this.#file.close();
    }
  }

  async #sendPieces(answer: Answer): Promise<void> {
    for (let left = this.#size; left > 0 && !answer.unwanted;) {
      const { bytesRead, buffer } = await this.#file.read(
        Buffer.allocUnsafeSlow(PIECE_BYTES),
        0,
        PIECE_BYTES,
      );
      if (bytesRead === 0) return;
      answer.write(buffer.subarray(0, Math.min(left, bytesRead)));
      answer.flush();
      left -= bytesRead;
      if (!answer.isDrained) await answer.drained();
    }
  }
}
