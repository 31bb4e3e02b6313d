import type { OutputIo } from './output.ts';
import type { Greeted } from './successor.ts';

/** A flag of one verb, beside those that all have. */
export interface VerbOption {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands behind it; none for a switch. */
  readonly metavar?: string;
  readonly describe: string;
}

/** What the operator typed behind the verb. */
export interface VerbArguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  readonly isJson: boolean;
  /** How long to wait for the outcome; 0 is as long as it takes. */
  readonly seconds: number;
}

/** What a verb may use. */
export interface VerbContext extends Greeted {
  readonly io: OutputIo;
  readonly env: NodeJS.ProcessEnv;
}

/** One command for a running server. */
export interface Verb {
  /** What stands behind the verb: `[N|+N|-N]`. */
  readonly operands?: string;
  readonly options?: readonly VerbOption[];
  /** Lines for `--help`, below what the verb does. */
  readonly more?: string;
  /** What its exit codes mean, beyond those that all have. */
  readonly exits: Readonly<Record<number, string>>;
  /** Checks the words before a server is looked for. Returns what is wrong with them. */
  misuse?(given: VerbArguments): string | undefined;
  /** Sent to a server that has no control socket. */
  signal?(given: VerbArguments): NodeJS.Signals | undefined;
  /** It ends the server, which can be seen without a control socket; of other verbs the outcome is then not known. */
  readonly isEnd?: boolean;
  run(given: VerbArguments, context: VerbContext): Promise<number>;
}
