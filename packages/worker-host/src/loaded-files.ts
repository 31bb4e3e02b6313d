import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** In characters: the arbiter reads no message that is much longer. */
const BATCH = 200_000;

/** The files in as many lists as there are messages to send. */
export function inBatches(files: readonly string[]): string[][] {
  const batches: string[][] = [[]];
  let length = 0;
  for (const file of files) {
    length += file.length;
    if (length > BATCH) {
      batches.push([]);
      length = file.length;
    }
    batches.at(-1)?.push(file);
  }
  return batches;
}

/** Notes every file that this process loads as a module from now on, packages aside. */
export class LoadedFiles {
  readonly #files: Set<string> = new Set();

  constructor() {
    registerHooks({
      resolve: (specifier, context, next) => {
        try {
          return next(specifier, context);
        } catch (error) {
          // A file that is missing now may be written next, and then the application should load again.
          this.#note((error as { url?: unknown }).url);
          throw error;
        }
      },
      load: (url, context, next) => {
        this.#note(url);
        return next(url, context);
      },
    });
  }

  /** Absolute paths, in the order of loading. */
  list(): string[] {
    return [...this.#files];
  }

  /** Files that were loaded by somebody else. */
  add(files: readonly string[]): void {
    for (const file of files) this.#files.add(file);
  }

  #note(url: unknown): void {
    if (typeof url !== 'string' || !url.startsWith('file:')) return;
    const path = fileURLToPath(url);
    if (!path.includes('/node_modules/')) this.#files.add(path);
  }
}
