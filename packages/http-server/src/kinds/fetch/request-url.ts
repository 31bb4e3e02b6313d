import type { Answer } from '../direct/answer.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const PERCENT = 0x25;
const QUESTION_MARK = 0x3f;
const PLAIN_PATH = tableOf("-._~!$&'()*+,;=:@%/");
const PLAIN_QUERY = tableOf('-._~!$&()*+,;=:@%/?');

/** What the last request named. Clients of a server name few hosts, and most of them the same one again and again. */
let lastScheme = '';
let lastAuthority = '';
let lastOrigin = '';

/** The URL of a request as `new URL` would write it: it does the writing, but for the parts that it would not change. */
export function urlOf({ head, client }: Answer): string {
  const { target, scheme } = head;
  const isPath = target.startsWith('/');
  if (!isPath && target !== '*') return target;
  const authority = head.host || (client.local === undefined ? 'localhost' : authorityOf(client.local));
  const origin = originOf(scheme, authority);
  if (!isPath) return `${origin}/`;
  return isPlainTarget(target) ? origin + target : new URL(`${scheme}://${authority}${target}`).href;
}

/** Whether a target, which begins with a slash, has nothing that a URL parser would encode or leave out. */
export function isPlainTarget(target: string): boolean {
  let table = PLAIN_PATH;
  for (let index = 0; index < target.length; index++) {
    const code = target.charCodeAt(index);
    if (code === QUESTION_MARK) table = PLAIN_QUERY;
    else if (code > 0x7f || table[code] === 0) return false;
    else if (code === SLASH && table === PLAIN_PATH && mayBeDots(target, index + 1)) return false;
  }
  return true;
}

/** Segments of dots lead elsewhere (`/a/../b`), and a dot may be written as `%2e`. */
function mayBeDots(target: string, at: number): boolean {
  const code = target.charCodeAt(at);
  return code === DOT || code === PERCENT;
}

function originOf(scheme: string, authority: string): string {
  if (authority !== lastAuthority || scheme !== lastScheme) {
    lastOrigin = new URL(`${scheme}://${authority}`).origin;
    lastAuthority = authority;
    lastScheme = scheme;
  }
  return lastOrigin;
}

function authorityOf({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function tableOf(signs: string): Uint8Array {
  const table = new Uint8Array(0x80);
  for (const sign of signs) table[sign.charCodeAt(0)] = 1;
  for (const [from, to] of ['az', 'AZ', '09'] as const) {
    table.fill(1, from!.charCodeAt(0), to!.charCodeAt(0) + 1);
  }
  return table;
}
