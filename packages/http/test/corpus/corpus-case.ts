import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEFAULT_HTTP_POLICY, type HttpPolicy } from '../../src/index.ts';

/** One file of the corpus; the format is described in this folder's README. */
export interface CorpusCase {
  readonly name: string;
  readonly shows: string;
  readonly peer: string;
  readonly policy: HttpPolicy;
  readonly bytes: Buffer;
  readonly requests: readonly Record<string, unknown>[];
  readonly proxy: unknown;
  readonly refused: { readonly status: number; readonly code: string } | undefined;
}

/** All cases of one folder of the corpus, by name. */
export function readCorpus(kind: 'accepted' | 'refused'): readonly CorpusCase[] {
  const folder = join(import.meta.dirname, kind);
  const files = readdirSync(folder).filter((file) => file.endsWith('.http'));
  return files.sort().map((file) => readCase(join(folder, file)));
}

function readCase(path: string): CorpusCase {
  const text = readFileSync(path, 'latin1');
  const cut = text.indexOf('\n---\n');
  if (cut === -1) throw new Error(`${path}: no line "---"`);
  const shows: string[] = [];
  const settings: Record<string, unknown> = {};
  const requests: Record<string, unknown>[] = [];
  let peer = '127.0.0.1';
  let proxy: unknown;
  let refused: CorpusCase['refused'];
  for (const line of text.slice(0, cut).split('\n')) {
    const [word = '', rest = ''] = split(line);
    if (word === '#') shows.push(rest);
    else if (word === 'peer') peer = rest;
    else if (word === 'set') settings[split(rest)[0]!] = JSON.parse(split(rest)[1]!);
    else if (word === 'request') requests.push(JSON.parse(rest));
    else if (word === 'proxy') proxy = JSON.parse(rest);
    else if (word === 'refused') refused = { status: Number(split(rest)[0]), code: split(rest)[1]! };
    else throw new Error(`${path}: no such line: ${line}`);
  }
  for (const name of Object.keys(settings)) {
    if (!Object.hasOwn(DEFAULT_HTTP_POLICY, name)) throw new Error(`${path}: no such setting: ${name}`);
  }
  const bytes = Buffer.from(unescape(text.slice(cut + 5), path), 'latin1');
  const policy = { ...DEFAULT_HTTP_POLICY, ...settings };
  return {
    name: basename(path, '.http'),
    shows: shows.join(' '),
    peer,
    policy,
    bytes,
    requests,
    proxy,
    refused,
  };
}

function split(line: string): [word: string, rest: string] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

const ESCAPES: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

function unescape(text: string, path: string): string {
  const written = text.replaceAll('\n', '');
  if (!/^[\x20-\x7e]*$/.test(written)) throw new Error(`${path}: holds what is no printable ASCII`);
  return written.replaceAll(/\\(?:x[0-9a-f]{2}|\{[0-9]+ [^}]+\}|.?)/g, (whole) => {
    if (whole.startsWith('\\x')) return String.fromCharCode(Number.parseInt(whole.slice(2), 16));
    if (whole.startsWith('\\{')) {
      const [count, repeated] = split(whole.slice(2, -1));
      return unescape(repeated, path).repeat(Number(count));
    }
    const character = ESCAPES[whole.slice(1)];
    if (character === undefined) throw new Error(`${path}: no such escape: ${whole}`);
    return character;
  });
}
