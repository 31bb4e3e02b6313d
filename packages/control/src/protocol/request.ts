/** What a client asks for. */
export interface Request {
  /** Comes back in the answer. */
  readonly id: number | string;
  /** The command, a word or several: `show workers`. */
  readonly words: readonly string[];
  /** Named arguments, of our own commands. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** Answered by several messages, the last of them marked. */
  readonly isStream: boolean;
}

/** What came is no request. */
export class BadRequest extends Error {
  readonly id: number | string;

  constructor(message: string, id: number | string = 0) {
    super(message);
    this.id = id;
  }
}

const KEYS: ReadonlySet<string> = new Set(['id', 'command', 'args', 'stream']);
const DEEPEST = 8;
const LONGEST_ID = 64;
const MOST_WORDS = 32;

/**
 * Reads a request. `args` is a list, as Gunicorn's client sends it, whose members are further words of the command; or
 * an object of named ones.
 * @throws {BadRequest}
 */
export function parseRequest(text: string): Request {
  if (depthOf(text) > DEEPEST) throw new BadRequest(`nested deeper than ${DEEPEST} levels`);
  const value = parseObject(text);
  const id = idOf(value['id']);
  const unknown = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw new BadRequest(`unknown key ${JSON.stringify(unknown.slice(0, 40))}`, id);
  const { command, args = [], stream = false } = value;
  if (typeof command !== 'string') throw new BadRequest('Empty command', id);
  if (typeof stream !== 'boolean') throw new BadRequest('stream must be true or false', id);
  const words = command.split(/\s+/).filter((word) => word !== '');
  const more = Array.isArray(args) ? args.map((one) => wordOf(one, id)) : [];
  if (words.length === 0) throw new BadRequest('Empty command', id);
  if (words.length + more.length > MOST_WORDS) throw new BadRequest('too many words', id);
  const options = Array.isArray(args) ? {} : optionsOf(args, id);
  return { id, words: [...words, ...more], options, isStream: stream };
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequest('not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new BadRequest('not a JSON object');
}

function idOf(value: unknown): number | string {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.length <= LONGEST_ID) return value;
  throw new BadRequest('id must be a number or a short text');
}

function wordOf(value: unknown, id: number | string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new BadRequest('args must be texts and numbers', id);
}

function optionsOf(value: unknown, id: number | string): Request['options'] {
  if (typeof value !== 'object' || value === null)
    throw new BadRequest('args must be a list or an object', id);
  for (const one of Object.values(value))
    if (!['string', 'number', 'boolean'].includes(typeof one))
      throw new BadRequest('args must be texts, numbers, true or false', id);
  return value as Request['options'];
}

/** How deep objects and lists are nested. Known before it is parsed, which takes stack for each level. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (isText && character === '\\') at += 1;
    else if (character === '"') isText = !isText;
    else if (isText) continue;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
