import type { FlagKind, SettingDefinition } from '@gunicorn-ts/interface';
import { ABSENT_GUNICORN_SETTINGS, type AbsentSetting } from './gunicorn-settings.ts';

/** A flag as the command line knows it. */
export interface Flag {
  /** Key of the setting, or of one of the command's own options. */
  readonly key: string;
  readonly names: readonly string[];
  readonly short?: string;
  readonly kind: FlagKind;
  readonly sets?: boolean;
  readonly alone?: { readonly means: string; readonly values: readonly string[] };
  readonly metavar?: string;
  /** Set for the command's own options, which are no settings. */
  readonly option?: { readonly describe: string };
  /** Set for flags of Gunicorn that are understood and have nothing to change here. */
  readonly absent?: AbsentSetting;
}

/** Options of the command itself: they are no settings, and no file can hold them. */
export const COMMAND_OPTIONS: readonly Flag[] = [
  {
    key: 'config',
    names: ['--config'],
    short: '-c',
    kind: 'value',
    metavar: 'FILE',
    option: {
      describe:
        'The configuration file. Default: `gunicorn.conf.ts` (or .mts, .js, .mjs, .cjs) when it exists.',
    },
  },
  {
    key: 'version',
    names: ['--version'],
    short: '-v',
    kind: 'switch',
    option: { describe: 'Print the version and exit.' },
  },
  {
    key: 'help',
    names: ['--help'],
    short: '-h',
    kind: 'switch',
    option: { describe: 'Print this and exit.' },
  },
];

/** Flags of Gunicorn for what does not exist here: known, so that a value behind one is not taken for the application. */
const ABSENT_FLAGS: readonly Flag[] = [...ABSENT_GUNICORN_SETTINGS.values()]
  .filter(({ flags }) => flags.length > 0)
  .map((absent) => {
    const { name, flags, short, kind } = absent;
    return { key: name, names: flags, ...(short === undefined ? {} : { short }), kind, absent };
  });

/** Every flag that these settings bring, after the command's own. */
export function flagsOf(definitions: readonly SettingDefinition[]): readonly Flag[] {
  const flags = definitions.flatMap(({ key, flag }) => (flag === undefined ? [] : [{ key, ...flag }]));
  return [...COMMAND_OPTIONS, ...flags];
}

/** Finds flags by their spelling, as Python's argparse does. */
export class FlagTable {
  readonly #bySpelling = new Map<string, Flag>();

  /** Flags of Gunicorn that none of these is are known too. */
  constructor(flags: readonly Flag[]) {
    // Ours come last, and win.
    for (const flag of [...ABSENT_FLAGS, ...flags]) {
      for (const name of flag.names) this.#bySpelling.set(name, flag);
      if (flag.short !== undefined) this.#bySpelling.set(flag.short, flag);
    }
  }

  get(spelling: string): Flag | undefined {
    return this.#bySpelling.get(spelling);
  }

  longNames(): string[] {
    return [...this.#bySpelling.keys()].filter((spelling) => spelling.startsWith('--'));
  }

  /** The long names that a beginning stands for. Several names of one flag count once. */
  matching(beginning: string): readonly string[] {
    const names = this.longNames().filter((name) => name.startsWith(beginning));
    return names.filter(
      (name, index) => names.findIndex((other) => this.get(other) === this.get(name)) === index,
    );
  }
}
