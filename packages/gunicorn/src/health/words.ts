import { healthUsage } from './errors.ts';

/** What `gunicorn health` was asked. */
export interface HealthWords {
  readonly path: '/livez' | '/readyz' | '/startupz';
  readonly timeoutMs: number;
  readonly adminBind: string | undefined;
  /** For the settings of the server. */
  readonly rest: readonly string[];
}

const PATHS = { '--live': '/livez', '--ready': '/readyz', '--startup': '/startupz' } as const;
const TIMEOUT_MS = 2000;

/** Reads the words behind `health`. Pure. @throws {OperatorError} `ERR_HEALTH_USAGE` */
export function readHealthWords(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): HealthWords {
  const rest: string[] = [];
  let path: HealthWords['path'] = '/readyz';
  let timeoutMs = TIMEOUT_MS;
  let adminBind: string | undefined;
  const words = argv.flatMap((word) => (/^--[\w-]+=/.test(word) ? splitAt(word, '=') : [word]));
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word in PATHS) path = PATHS[word as keyof typeof PATHS];
    else if (word === '--admin-bind') adminBind = valueOf(word, words[++index]);
    else if (word === '--timeout') timeoutMs = secondsOf(valueOf(word, words[++index])) * 1000;
    else rest.push(word);
  }
  adminBind ??= /(?:^|\s)--admin-bind[=\s]+["']?([^\s"']+)/.exec(env['GUNICORN_CMD_ARGS'] ?? '')?.[1];
  return { path, timeoutMs, adminBind, rest };
}

function splitAt(word: string, separator: string): string[] {
  const at = word.indexOf(separator);
  return [word.slice(0, at), word.slice(at + 1)];
}

function valueOf(flag: string, value: string | undefined): string {
  if (value === undefined || value === '') throw healthUsage(`${flag} needs a value`);
  return value;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw healthUsage(`--timeout must be a number of seconds up to 3600, not ${JSON.stringify(text)}`);
}
