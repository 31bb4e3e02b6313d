import type { SettingDefinition, Settings } from '@gunicorn-ts/interface';
import { asgiDefinitions } from './asgi/settings.ts';
import { show } from './shown-value.ts';

declare module '@gunicorn-ts/interface' {
  interface FurtherInput {
    python?: string | undefined;
    pythonpath?: string | readonly string[] | undefined;
    threads?: number | undefined;
    processes?: number | undefined;
    logConfig?: string | undefined;
    logConfigJson?: string | undefined;
    logConfigDict?: Readonly<Record<string, unknown>> | undefined;
    pythonConfig?: string | undefined;
  }
}

/** The settings that this package brings, as they are resolved. */
export interface PythonSettings {
  readonly python: string | undefined;
  readonly pythonpath: readonly string[];
  readonly threads: number;
  readonly processes: number;
  readonly pythonConfig: string | undefined;
}

/** Settings as a worker has them; those of this package are missing where it is not installed. */
export function pythonSettings(settings: Readonly<Settings>): PythonSettings {
  const given = settings as unknown as Partial<PythonSettings>;
  return {
    python: given.python,
    pythonpath: given.pythonpath ?? [],
    threads: given.threads ?? 1,
    processes: given.processes ?? 1,
    pythonConfig: given.pythonConfig,
  };
}

/** Whether Python's loggers are configured by more than the settings that both sides know. */
export function asksForLoggers(settings: Readonly<Settings>): boolean {
  const given = settings as unknown as Readonly<Record<string, unknown>>;
  const { loggerClass = USUAL_LOGGER } = settings;
  return LOG_SETTINGS.some((key) => given[key] !== undefined) || loggerClass !== USUAL_LOGGER;
}

const LOG_SETTINGS = ['logConfig', 'logConfigJson', 'logConfigDict'];
const USUAL_LOGGER = 'gunicorn.glogging.Logger';

function text(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw new TypeError(`must be a text, not ${show(value)}`);
  return value.trim();
}

function threadCount(value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new TypeError(`must be a whole number of 0 or more, not ${show(value)}`);
  }
  // As in Gunicorn: none beside the main thread, which serves.
  return Math.max(1, number);
}

function processCount(value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1 || number > MOST_PROCESSES) {
    throw new TypeError(`must be a whole number from 1 to ${MOST_PROCESSES}, not ${show(value)}`);
  }
  return number;
}

function folders(value: unknown): readonly string[] {
  const parts = Array.isArray(value) ? value.map(text) : text(value).split(',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`must be an object, as logging.config.dictConfig takes it, not ${show(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Each has its sockets here, and its memory. */
const MOST_PROCESSES = 1024;

/** What the command offers when this package is installed. */
export const pythonDefinitions: readonly SettingDefinition[] = [
  {
    key: 'python',
    section: 'Worker Processes',
    describe: 'The Python interpreter, 3.9 or newer: a command or a path.',
    default: undefined,
    defaultText: `that of the environment which pip installed the server in, that of \`VIRTUAL_ENV\`, or \`python3\``,
    parse: text,
    flag: { names: ['--python'], kind: 'value', metavar: 'COMMAND' },
    example: `'.venv/bin/python'`,
  },
  {
    key: 'pythonpath',
    section: 'Server Mechanics',
    describe: 'Folders where Python looks for modules before all others, separated by commas.',
    default: [],
    parse: folders,
    isPath: true,
    flag: { names: ['--pythonpath'], kind: 'value', metavar: 'STRING' },
    example: `['/srv/lib']`,
  },
  {
    key: 'threads',
    section: 'Worker Processes',
    describe: 'Threads of a worker in which a Python application serves requests at the same time.',
    default: 1,
    parse: threadCount,
    flag: { names: ['--threads'], kind: 'value', metavar: 'INT' },
    example: '4',
  },
  {
    key: 'processes',
    section: 'Worker Processes',
    describe:
      'Python processes behind each worker, forks of the Python master. `sync` serves as many requests at the same time, behind the event worker: with more than one, `--worker-class sync` is `event` in `status` and metrics, and connections are kept; with `threads` or greenlets each process has its own, and with ASGI each has a loop and a lifespan.',
    default: 1,
    parse: processCount,
    flag: { names: ['--processes'], kind: 'value', metavar: 'INT' },
    example: '4',
  },
  {
    key: 'logConfig',
    section: 'Logging',
    describe: "A file in INI format that configures Python's `logging`.",
    default: undefined,
    parse: text,
    isPath: true,
    flag: { names: ['--log-config'], kind: 'value', metavar: 'FILE' },
    example: `'config/logging.cfg'`,
  },
  {
    key: 'logConfigJson',
    section: 'Logging',
    describe: "A file in JSON that configures Python's `logging`, as `logging.config.dictConfig` takes it.",
    default: undefined,
    parse: text,
    isPath: true,
    flag: { names: ['--log-config-json'], kind: 'value', metavar: 'FILE' },
    example: `'config/logging.json'`,
  },
  {
    key: 'logConfigDict',
    section: 'Logging',
    describe: "Configures Python's `logging`, as `logging.config.dictConfig` takes it; wins over both files.",
    default: undefined,
    parse: record,
    example: `{ version: 1, loggers: { myapp: { level: 'DEBUG' } } }`,
  },
  {
    key: 'pythonConfig',
    section: 'Config File',
    describe:
      'A file in Python whose hooks of the worker side are called; set when it is `gunicorn.conf.py`.',
    default: undefined,
    parse: text,
    isPath: true,
    example: `'gunicorn.conf.py'`,
  },
  ...asgiDefinitions,
];
