/** The headings under which settings stand in `--help` and in the reference page. */
export const SETTING_SECTIONS = [
  'Config File',
  'Server Socket',
  'Worker Processes',
  'Security',
  'HTTP',
  'HTTP/2',
  'Debugging',
  'Server Mechanics',
  'Logging',
  'Control',
  'Operation',
  'Process Naming',
  'TLS',
  'Server Hooks',
  'Worker Class',
] as const;

/** One of {@link SETTING_SECTIONS}. */
export type SettingSection = (typeof SETTING_SECTIONS)[number];

/** How a flag takes its value: one argument, none (a switch), or one that may be repeated. */
export type FlagKind = 'value' | 'switch' | 'repeatable';

/**
 * One setting, one record: the flag, `--help`, validation, `--print-config` and the reference page
 * derive from it.
 */
export interface SettingDefinition<T = unknown> {
  /** Key in `gunicorn.conf.ts`. */
  readonly key: string;
  /** The heading: one of {@link SETTING_SECTIONS}, or another, which then stands behind these. */
  readonly section: SettingSection | (string & {});
  /** One sentence, without the default. */
  readonly describe: string;
  /** The unit of a number: `s`, `ms`, `bytes`. */
  readonly unit?: string;
  readonly default: T | ((env: Readonly<Record<string, string | undefined>>) => T);
  /** The default in words, for `--help` and the reference page, when the value itself does not say it. */
  readonly defaultText?: string;
  /**
   * Checks and converts a value from a file or a flag. Throws an `Error` whose message completes the
   * sentence "KEY …": `must be a whole number of 0 or more, not "two"`. Flags hand in strings (arrays
   * of strings when repeatable, `true`/`false` for switches).
   */
  parse(value: unknown): T;
  /** The flag, when the command line has one. */
  readonly flag?: {
    /** `--worker-connections`; further spellings after it. The first is shown. */
    readonly names: readonly string[];
    /** `-w` */
    readonly short?: string;
    readonly kind: FlagKind;
    /** `INT`, `ADDRESS`: what stands behind the flag in `--help`. */
    readonly metavar?: string;
    /** For a switch: what it sets. Default `true`; `--no-autopsy` sets `false`. */
    readonly sets?: boolean;
    /** For a value that may be left out: what the flag then means, and the words that are taken for a value. */
    readonly alone?: { readonly means: string; readonly values: readonly string[] };
  };
  /** A reload (HUP) takes up a change unless this is `restart`. */
  readonly takesEffect?: 'reload' | 'restart';
  /** A path, or a list of paths: a relative one is seen from `chdir`. `-` stands for a standard stream and stays. */
  readonly isPath?: boolean;
  /** A function-valued setting: cannot be given by flag, is not sent to workers as data. */
  readonly isFunction?: boolean;
  /** An example value as it stands in `gunicorn.conf.ts`. */
  readonly example?: string;
}
