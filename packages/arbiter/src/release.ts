import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stepsTo } from '@gunicorn-ts/config';
import type { LoadedSettings, Settings } from '@gunicorn-ts/interface';
import { folderGone } from './errors.ts';

/** A link on the way to something, and where it led when the settings were loaded. */
interface Link {
  readonly name: string;
  readonly real: string;
}

/**
 * Where one load of the settings found its files. Deployments switch a link and then send HUP: whoever is started in
 * between, on these settings, has to get the code that belongs to them. Lives in the arbiter.
 */
export class Release {
  /** `chdir` as the operator names it. */
  readonly named: string;
  /** The folder that it was. */
  readonly folder: string;
  /** Longest name first: it leads furthest. */
  readonly #links: readonly Link[];

  constructor({ settings, configFile, folder }: Pick<LoadedSettings, 'settings' | 'configFile' | 'folder'>) {
    this.named = settings.chdir;
    this.folder = folder;
    const app = modulePath(settings);
    const places = [this.named, configFile, app].filter((place) => place?.startsWith('/') === true);
    const links = new Map(places.flatMap((place) => linksTo(place as string)));
    this.#links = [...links]
      .map(([name, real]) => ({ name, real }))
      .toSorted((one, other) => other.name.length - one.name.length);
  }

  /** The links that it was reached by. */
  get links(): readonly string[] {
    return this.#links.map(({ name }) => name);
  }

  /** Whether the folder is still there. */
  get isThere(): boolean {
    return isFolder(this.folder);
  }

  /**
   * Where a worker starts: in the folder that was loaded, or, when that is gone, in the one that has its name now.
   * @throws OperatorError when there is none
   */
  workingFolder(): string {
    if (isFolder(this.folder)) return this.folder;
    if (isFolder(this.named)) return this.named;
    throw folderGone(this.named, this.folder);
  }

  /** The path behind which the file still lies that was meant at the load; as it is named, when that is gone. */
  pinned(place: string): string {
    const link = this.#links.find(({ name }) => place === name || place.startsWith(`${name}/`));
    return link === undefined || !fs.existsSync(link.real)
      ? place
      : link.real + place.slice(link.name.length);
  }

  /** The settings for a worker: paths, the application among them, lead to what was loaded. */
  pinnedSettings(settings: Readonly<Settings>): Readonly<Settings> {
    if (this.#links.length === 0) return settings;
    const { app, chdir, procName } = settings;
    const named = this.#pinnedTarget(app);
    const pinned = Object.entries({ ...settings, app: named }).map(([key, value]) => [key, this.#pin(value)]);
    const changed = Object.fromEntries(pinned) as Settings;
    return { ...changed, chdir, ...(changed.app !== app && { procName: procName ?? app }) };
  }

  /** A relative one is made absolute where a link stands on its way below the working folder. */
  #pinnedTarget(app: string | undefined): string | undefined {
    if (app === undefined || app.startsWith('/') || app.startsWith('file:')) return app;
    const module = app.slice(0, splitAt(app));
    const meant = this.pinned(path.resolve(this.named, module));
    const isPath = module.startsWith('.') || fs.statSync(meant, { throwIfNoEntry: false })?.isFile() === true;
    const isFound = meant === path.resolve(this.workingFolder(), module);
    return isPath && !isFound ? meant + app.slice(module.length) : app;
  }

  /** A file of this server itself, which may have been installed in a release that is gone by now. */
  found(file: string): string | undefined {
    if (fs.existsSync(file)) return file;
    return this.renamed(file);
  }

  /** The same file in the folder that has the name now. */
  renamed(file: string): string | undefined {
    for (const { name, real } of this.#links) {
      if (!file.startsWith(`${real}/`)) continue;
      const place = name + file.slice(real.length);
      if (fs.existsSync(place)) return place;
    }
    return undefined;
  }

  /** As {@link Release.found}, for a `file:` URL; it stays as it is when there is nothing. */
  foundUrl(url: string): string {
    if (!url.startsWith('file:')) return url;
    const file = fileURLToPath(url);
    const found = this.found(file) ?? file;
    return found === file ? url : pathToFileURL(found).href;
  }

  #pin(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#pin(one));
    if (typeof value !== 'string') return value;
    if (value.startsWith('file:///')) return `file://${this.pinned(value.slice('file://'.length))}`;
    return value.startsWith('/') ? this.pinned(value) : value;
  }
}

/** The path of the application's module, if it can be one. */
function modulePath({ app, chdir }: Settings): string | undefined {
  if (app === undefined) return undefined;
  return path.resolve(chdir, app.slice(0, splitAt(app)).replace(/^file:\/\//, ''));
}

/** Where the module of a target ends. */
function splitAt(app: string): number {
  const at = app.indexOf(':', app.startsWith('file:') ? 'file:'.length : 0);
  return at === -1 ? app.length : at;
}

function linksTo(place: string): (readonly [name: string, real: string])[] {
  return stepsTo(place).flatMap((step) => {
    const stat = fs.lstatSync(step, { throwIfNoEntry: false });
    return stat?.isSymbolicLink() === true && fs.existsSync(step)
      ? [[step, fs.realpathSync(step)] as const]
      : [];
  });
}

function isFolder(place: string): boolean {
  return fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}
