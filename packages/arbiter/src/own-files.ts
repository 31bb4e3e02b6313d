import type { ServerCommand } from './arbiter-options.ts';
import { serverFilesGone } from './errors.ts';
import type { Release } from './release.ts';
import type { BootSpecification } from './worker-handle.ts';

/**
 * The files of this server that processes are started from. They may have been installed in a release that was removed
 * since; then those at the same place in the one that follows it are meant.
 */
export class OwnFiles {
  readonly #first: Release;

  /** @param first where this process found everything when it started */
  constructor(first: Release) {
    this.#first = first;
  }

  /** @throws OperatorError when the file is gone for good */
  found(file: string): string {
    const found = this.#first.found(file);
    if (found === undefined) throw serverFilesGone(file);
    return found;
  }

  inBoot(boot: BootSpecification): BootSpecification {
    return {
      ...boot,
      workerModule: this.#first.foundUrl(boot.workerModule),
      loaderModules: boot.loaderModules.map((url) => this.#first.foundUrl(url)),
    };
  }

  /** The words of the command for a second arbiter, which is meant to be what the names of its files lead to now. */
  command({ program: [program, ...words], argv }: ServerCommand): readonly [string, ...string[]] {
    const now = (word: string): string => this.#first.renamed(word) ?? word;
    return [now(program), ...words.map(now), ...argv];
  }
}
