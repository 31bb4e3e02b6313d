import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigInput } from '@gunicorn-ts/interface';

/** Worker classes that others are derived from, by their last name, and what they mean here. */
const BASES: Readonly<Record<string, string>> = {
  ASGIWorker: 'asgi',
  UvicornWorker: 'uvicorn.workers.UvicornWorker',
  UvicornH11Worker: 'uvicorn.workers.UvicornH11Worker',
};

/** What a key of `CONFIG_KWARGS` means; `undefined` for a value that asks for what is so anyway. */
const MEANINGS: Readonly<Record<string, (value: unknown) => ConfigInput | undefined>> = {
  loop: (value) => (value === 'auto' ? undefined : { asgiLoop: value as 'asyncio' }),
  http: () => undefined,
  ws: () => undefined,
  interface: () => undefined,
  proxy_headers: () => undefined,
  lifespan: (value) => ({ asgiLifespan: value as 'on' }),
  root_path: (value) => ({ rootPath: value as string }),
  ws_max_size: (value) => ({ websocketMaxMessageSize: value as number }),
  ws_ping_interval: (value) => ({ websocketPing: (value as number | null) ?? 0 }),
  ws_per_message_deflate: (value) => ({ websocketDeflate: value as boolean }),
  timeout_keep_alive: (value) => ({ keepalive: value as number }),
  timeout_graceful_shutdown: (value) => (value === null ? undefined : { gracefulTimeout: value as number }),
  limit_max_requests: (value) => (value === null ? undefined : { maxRequests: value as number }),
  server_header: (value) => (value === false ? { serverHeader: '' } : undefined),
};

/** A worker class in Python that is derived from one that serves ASGI. */
export interface DerivedClass {
  readonly base: string;
  /** What its `CONFIG_KWARGS` ask for, by our names. */
  readonly settings: ConfigInput;
  /** Keys of `CONFIG_KWARGS` that mean nothing here. */
  readonly unknown: readonly string[];
}

/**
 * Reads a class by its source, since what it is derived from need not be installed. `undefined` when there is none in
 * these folders, or when it is derived from something else.
 */
export function readDerivedClass(name: string, folders: readonly string[]): DerivedClass | undefined {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name)) return undefined;
  const parts = name.split('.');
  const className = parts.pop()!;
  for (const folder of folders) {
    for (const file of [`${join(folder, ...parts)}.py`, join(folder, ...parts, '__init__.py')]) {
      const source = readSource(file);
      const found = source === undefined ? undefined : derivedIn(source, className);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The class in a text. */
export function derivedIn(source: string, className: string): DerivedClass | undefined {
  const kwargs = new Map<string, unknown>();
  const base = findBase(source, className, kwargs, 0);
  if (base === undefined) return undefined;
  let settings: ConfigInput = {};
  const unknown: string[] = [];
  for (const [key, value] of kwargs) {
    const meaning = MEANINGS[key];
    if (meaning === undefined || value === undefined) unknown.push(key);
    else settings = { ...settings, ...meaning(value) };
  }
  return { base, settings, unknown };
}

/** Those of the class itself win over those of what it is derived from. */
function findBase(
  source: string,
  className: string,
  kwargs: Map<string, unknown>,
  depth: number,
): string | undefined {
  const head = new RegExp(`^class\\s+${className}\\s*\\(([^)]*)\\)\\s*:`, 'm').exec(source);
  if (head === null || depth > 5) return undefined;
  const body = source.slice(head.index + head[0].length).split(/^\S/m, 1)[0] ?? '';
  const given = /^\s+CONFIG_KWARGS\s*(?::[^=]*)?=\s*(\{[^}]*\})/m.exec(body)?.[1] ?? '';
  for (const [, key = '', text = ''] of given.matchAll(/["'](\w+)["']\s*:\s*([^,}\n]+)/g))
    if (!kwargs.has(key)) kwargs.set(key, literal(text.trim()));
  for (const written of head[1]!.split(',')) {
    const spelled = written.trim().split('.').at(-1) ?? '';
    const original =
      new RegExp(`import[^\\n]*?\\b(\\w+)\\s+as\\s+${spelled}\\b`).exec(source)?.[1] ?? spelled;
    const found = BASES[original] ?? findBase(source, original, kwargs, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value of a literal in Python; `undefined` for what is computed. */
function literal(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted !== null) return quoted[2];
  if (/^-?\d[\d_]*(\.\d+)?$/.test(text)) return Number(text.replaceAll('_', ''));
  return { True: true, False: false, None: null }[text];
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
