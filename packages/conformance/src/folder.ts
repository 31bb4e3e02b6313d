import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commandPackage, scopeOf } from './command.ts';

/** The script of the command that is installed where the tests are run. */
export function commandScript(): string {
  return join(realpathSync(commandPackage()), 'dist/bin.js');
}

/** A temporary folder that looks like a user's project in which `gunicorn-ts` is installed. */
export class Folder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'gunicorn-ts-'));

  constructor(files: Readonly<Record<string, string>>) {
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules);
    const command = commandPackage();
    symlinkSync(realpathSync(command), join(modules, 'gunicorn-ts'));
    symlinkSync(scopeOf(command), join(modules, '@gunicorn-ts'));
    if (files['package.json'] === undefined) this.write('package.json', '{ "type": "module" }\n');
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
