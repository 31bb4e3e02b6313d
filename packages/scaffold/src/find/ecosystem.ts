import type { CarriedSetting } from '../template.ts';

/** What the file of PM2 says of its first application, as far as it is written out in it. */
export interface Ecosystem {
  /** `./server.js` */
  readonly script: string;
  /** What it says otherwise, in our words. */
  readonly settings: readonly CarriedSetting[];
}

/** Whether a file is PM2's, by the names that its documentation has. */
export function isEcosystem(path: string): boolean {
  return /^(?:\.\/)?(?:ecosystem|pm2|process(?:es)?)(?:\.[\w-]+)*\.(?:[cm]?js|json)$/.test(path);
}

/** Reads the text and runs nothing of it: what is computed there is not carried over. */
export function readEcosystem(text: string): Ecosystem | undefined {
  const code = text.replaceAll(/(?<![^\s,{[])(?:\/\*[^]*?\*\/|\/\/.*$)/gm, '');
  const [first = ''] = code.split(/(?<=\},?)\s*\{\s*["']?name/);
  const script = stringOf(first, 'script');
  // One that is started somewhere else than here is not guessed at.
  if (script === undefined || !['.', './', undefined].includes(stringOf(first, 'cwd'))) return undefined;
  return {
    script,
    settings: [workersOf(first), memoryOf(first), graceOf(first), bootOf(first)].flatMap((one) => one ?? []),
  };
}

function stringOf(text: string, key: string): string | undefined {
  return new RegExp(`["']?\\b${key}["']?\\s*:\\s*["'\`](?<value>[^"'\`]+)["'\`]`).exec(text)?.groups?.[
    'value'
  ];
}

function numberOf(text: string, key: string): number | undefined {
  const value = new RegExp(`["']?\\b${key}["']?\\s*:\\s*["']?(?<value>-?[\\d_]+)["']?\\s*[,}\\n]`).exec(text)
    ?.groups?.['value'];
  return value === undefined ? undefined : Number(value.replaceAll('_', ''));
}

/** `max`, 0 and what is below it count from the processors; `auto` keeps to the limit of a container, too. */
function workersOf(text: string): CarriedSetting | undefined {
  const count = numberOf(text, 'instances');
  return count === undefined || count < 1
    ? undefined
    : { name: 'workers', value: String(count), from: `instances: ${count}` };
}

function memoryOf(text: string): CarriedSetting | undefined {
  const size = stringOf(text, 'max_memory_restart');
  const [, digits, unit = ''] = /^(\d+)\s*([KMG])B?$/i.exec(size ?? '') ?? [];
  return digits === undefined
    ? undefined
    : {
        name: 'maxWorkerMemory',
        value: `'${digits}${unit.toLowerCase()}b'`,
        from: `max_memory_restart: ${size ?? ''}`,
      };
}

function graceOf(text: string): CarriedSetting | undefined {
  return secondsOf(text, 'kill_timeout', 'gracefulTimeout');
}

function bootOf(text: string): CarriedSetting | undefined {
  return secondsOf(text, 'listen_timeout', 'bootTimeout');
}

function secondsOf(text: string, key: string, name: string): CarriedSetting | undefined {
  const ms = numberOf(text, key);
  return ms === undefined || ms <= 0
    ? undefined
    : { name, value: String(Math.ceil(ms / 1000)), from: `${key}: ${ms}` };
}
