import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

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
