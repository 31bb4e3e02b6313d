import { spawn } from 'node:child_process';
import { readPrintConfig, renderValue } from '@gunicorn-ts/config';
import type { Rehearsal, SettingDifference } from '@gunicorn-ts/control';
import type { SettingDefinition, Settings } from '@gunicorn-ts/interface';

/** Seconds for a try where workers may boot for ever. */
const WITHOUT_LIMIT_S = 60;
/** Beyond the time that a worker has to boot: the settings are read as well. */
const MARGIN_S = 10;
const MOST_OUTPUT = 1024 * 1024;
/** About what a command is asked to do, and not about how the server runs. */
const ABOUT_THE_COMMAND: ReadonlySet<string> = new Set(['printConfig', 'checkConfig', 'daemon']);

export interface RehearsalOptions {
  /** What starts this server, with its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly argv: readonly string[];
  readonly cwd: string;
  /** That the server was started with; what was meant for its process alone is gone. */
  readonly env: NodeJS.ProcessEnv;
  readonly definitions: readonly SettingDefinition[];
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Tries out in a process aside what a reload of this server would lead to. */
export function rehearsalOf(options: RehearsalOptions): Rehearsal {
  return {
    async check({ bootTimeout }) {
      const { code, err } = await runAside(options, '--check-config', bootTimeout);
      return code === 0 ? undefined : reasonOf(err, code);
    },
    async differences(running) {
      const { code, out, err } = await runAside(options, '--print-config', running.bootTimeout);
      const found = readPrintConfig(out);
      // The settings were printed, and only the application does not load.
      if (found.size === 0) throw new Error(reasonOf(err, code));
      return differencesBetween(running, found, options.definitions);
    },
  };
}

/** Pure. */
export function differencesBetween(
  running: Readonly<Settings>,
  found: ReadonlyMap<string, { readonly value: string; readonly source: string }>,
  definitions: readonly SettingDefinition[],
): readonly SettingDifference[] {
  const values: Readonly<Record<string, unknown>> = { ...running };
  return definitions.flatMap(({ key }) => {
    const next = found.get(key);
    // What an application or a hook does cannot be compared.
    if (next === undefined || ABOUT_THE_COMMAND.has(key) || typeof values[key] === 'function') return [];
    const now = renderValue(key, values[key]);
    if (now === next.value) return [];
    return [{ key, running: shown(key, now), next: shown(key, next.value), source: next.source }];
  });
}

/** Whoever may look need not know what an application is made with, or the environment. */
function shown(key: string, text: string): string {
  return key === 'rawEnv' ? '***' : key === 'app' ? text.replace(/\([\s\S]*\)/, '(***)') : text;
}

function runAside(
  { program, argv, cwd, env }: RehearsalOptions,
  flag: string,
  bootTimeout: number,
): Promise<Ended> {
  const [command, ...words] = program;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...words, flag, ...argv], {
      cwd,
      env: { ...env, PWD: cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: ((bootTimeout || WITHOUT_LIMIT_S) + MARGIN_S) * 1000,
      killSignal: 'SIGKILL',
    });
    const texts = { out: '', err: '' };
    for (const [name, stream] of [
      ['out', child.stdout],
      ['err', child.stderr],
    ] as const) {
      stream.setEncoding('utf8');
      // What is beyond is read, so that nobody waits, and forgotten.
      stream.on('data', (chunk: string) => {
        if (texts[name].length < MOST_OUTPUT) texts[name] += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

function reasonOf(err: string, code: number | null): string {
  const text = err.trim().replace(/^Error: /, '');
  if (text !== '') return text;
  return code === null ? 'it took longer than bootTimeout' : `it ended with exit code ${code}`;
}
