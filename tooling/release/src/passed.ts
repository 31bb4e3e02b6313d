import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { committedFiles, ROOT } from '@gunicorn-ts/scripts';

/** What a step tries, and what it tries it with. */
const TRIED =
  /^(?:package\.json|LICENSE|tsconfig.*\.json|pnpm-.*\.yaml|\.changeset\/.*|packages\/.*|tooling\/(?:release|wheel|scripts)\/.*|examples\/custom-worker\/.*)$/;

const FILE = join(ROOT, 'node_modules/.cache/release/passed.json');

interface Written {
  readonly sources: string;
  readonly steps: readonly string[];
}

/** Which steps have passed with the sources as they are: a check that was interrupted, or mended, goes on there. */
export class Passed {
  readonly #sources: string;
  readonly #steps: Set<string>;
  readonly #file: string;

  /** @param sources what {@link sourcesNow} says */
  constructor(sources: string, file: string = FILE) {
    this.#sources = sources;
    this.#file = file;
    const before = readWritten(file);
    this.#steps = new Set(before?.sources === sources ? before.steps : []);
  }

  has(step: string): boolean {
    return this.#steps.has(step);
  }

  set(step: string, hasPassed: boolean): void {
    if (hasPassed) this.#steps.add(step);
    else this.#steps.delete(step);
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify({ sources: this.#sources, steps: [...this.#steps] }));
  }
}

function readWritten(file: string): Written | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Written;
  } catch {
    return undefined;
  }
}

/** A digest of everything that a check reads of this checkout, committed or not, and of the Node.js that runs it. */
export function sourcesNow(): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of committedFiles().filter((one) => TRIED.test(one)))
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}
