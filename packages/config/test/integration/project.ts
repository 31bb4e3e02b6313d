import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { LoadedSettings, SettingDefinition, WorkerClass } from '@gunicorn-ts/interface';
import { type InterpretOptions, interpretCommandLine } from '@gunicorn-ts/config';

/** A temporary folder with some files, removed when the test ends. */
export class Project {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'gunicorn-config-')));

  constructor(t: ExecutionContext, files: Readonly<Record<string, string>> = {}) {
    t.teardown(() => rmSync(this.path, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  interpret(
    argv: readonly string[],
    options: Partial<InterpretOptions> = {},
  ): ReturnType<typeof interpretCommandLine> {
    return interpretCommandLine({
      argv,
      env: {},
      cwd: this.path,
      command: 'start',
      version: '1.2.3',
      resolveWorkerClass: () =>
        Promise.resolve({ workerClass: workerClass(), workerModule: 'file:///event.js' }),
      ...options,
    });
  }

  /** What a correct command line leads to. */
  async load(argv: readonly string[], options: Partial<InterpretOptions> = {}): Promise<LoadedSettings> {
    const interpretation = await this.interpret(argv, options);
    if (interpretation.kind !== 'settings') throw new Error(`got ${interpretation.kind}`);
    return interpretation.loaded;
  }
}

/** A worker class that is never started. */
export function workerClass(changed: Partial<WorkerClass> = {}): WorkerClass {
  return {
    name: 'event',
    interfaceVersion: 1,
    serves: { kinds: ['node'], concurrency: 'many', keepAlive: true, tls: true },
    start: () => Promise.reject(new Error('is not started here')),
    ...changed,
  };
}

/** A setting that a worker class may bring. */
export const greeting: SettingDefinition<string> = {
  key: 'greeting',
  section: 'Worker Class',
  describe: 'What every answer says.',
  default: 'hello',
  parse: String,
  flag: { names: ['--greeting'], kind: 'value', metavar: 'TEXT' },
};
