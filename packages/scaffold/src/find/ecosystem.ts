import type { CarriedSetting } from '../template.ts';

/** What the file of PM2 says of its first application, as far as it is written out in it. */
export interface Ecosystem {
  /** `./server.js` */
  readonly script: string;
  /** What it says otherwise, in our words. */
  readonly settings: readonly CarriedSetting[];
  /** What it says and no setting says for it, each as a sentence for its user. */
  readonly left: readonly string[];
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
    settings: [nameOf(first), workersOf(first), memoryOf(first), graceOf(first), bootOf(first)].flatMap(
      (one) => one ?? [],
    ),
    left: leftOf(first, code.slice(first.length)),
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

/** By which its units, its processes and what is exported are called. */
function nameOf(text: string): CarriedSetting | undefined {
  const name = stringOf(text, 'name');
  return name === undefined || !/^[\w.-]+$/.test(name)
    ? undefined
    : { name: 'procName', value: `'${name}'`, from: `name: ${name}` };
}

/** Keys that mean something here as well, by another name, and are not guessed at. */
const OTHERWISE = [
  'args',
  'node_args',
  'interpreter',
  'watch',
  'wait_ready',
  'cron_restart',
  'out_file',
  'error_file',
  'log_file',
  'instance_var',
];

function leftOf(first: string, others: string): readonly string[] {
  // What is in a text is no key: a URL has a colon.
  const keys = first.replaceAll(/:\s*(["'`])(?:\\.|(?!\1)[^\\])*\1/g, ': 0');
  const blocks = [...keys.matchAll(/\benv(?:_\w+)?["']?\s*:\s*\{(?<inside>[^{}]*)\}/g)];
  const inside = blocks.map(({ groups }) => groups?.['inside'] ?? '').join(',');
  const variables = [...new Set([...inside.matchAll(/(\w+)["']?\s*:/g)].map(([, name = '']) => name))];
  const rest = blocks.reduce((text, [block]) => text.replace(block, ''), keys);
  const further = OTHERWISE.filter((key) => new RegExp(`\\b${key}["']?\\s*:`).test(rest));
  const more = [...others.matchAll(/\bscript["']?\s*:/g)].length;
  return [
    ...(variables.length === 0
      ? []
      : [`its env is for you to carry over, to the service or as rawEnv: ${variables.join(', ')}`]),
    ...(further.length === 0 ? [] : [`these have other names here: ${further.join(', ')}`]),
    ...(more === 0 ? [] : [`it starts ${more} more, each of which is a server with settings of its own`]),
  ];
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
