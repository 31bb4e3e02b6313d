import { type Literal, readLiteral } from './literal.ts';

type Section = Readonly<Record<string, string>>;

/** As `fileConfig` reads them: these are no templates of the file's own. */
const RAW: ReadonlySet<string> = new Set(['format', 'datefmt', 'style']);

/**
 * A logging file of Python in the shape that `dictConfig` takes.
 * @param defaults what `%(here)s` and the like stand for
 * @throws {SyntaxError} whose message completes "FILE …"
 */
export function dictOfIni(text: string, defaults: Section): Record<string, Literal> {
  const sections = sectionsOf(text);
  const keys = (section: string): string[] =>
    (sections.get(section)?.['keys'] ?? '').split(',').flatMap((key) => key.trim() || []);
  if (!sections.has('loggers')) throw new SyntaxError('has no section [loggers]');
  const all = { ...defaults, ...sections.get('DEFAULT') };
  const read = (section: string): Section => {
    const found = sections.get(section);
    if (found === undefined) throw new SyntaxError(`has no section [${section}], which its keys name`);
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, RAW.has(key) ? value : filledIn(value, all)]),
    );
  };
  const loggers = keys('loggers').map((key) => [key, loggerOf(read(`logger_${key}`))] as const);
  const { root, ...others } = Object.fromEntries(loggers.map(([key, one]) => [one.name ?? key, one.members]));
  return {
    version: 1,
    ...(root !== undefined && { root }),
    loggers: others,
    handlers: Object.fromEntries(keys('handlers').map((key) => [key, handlerOf(read(`handler_${key}`))])),
    formatters: Object.fromEntries(keys('formatters').map((key) => [key, { ...read(`formatter_${key}`) }])),
  };
}

function loggerOf({ qualname, level, handlers = '', propagate }: Section): {
  readonly name: string | undefined;
  readonly members: Record<string, Literal>;
} {
  return {
    name: qualname,
    members: {
      ...(level !== undefined && { level }),
      handlers: handlers.split(',').flatMap((one) => one.trim() || []),
      propagate: (propagate ?? '1').trim() !== '0',
    },
  };
}

function handlerOf({
  args = '()',
  kwargs = '{}',
  class: named = '',
  level,
  formatter,
}: Section): Record<string, Literal> {
  const literal = (source: string): Literal => {
    try {
      return readLiteral(source);
    } catch (error) {
      throw new SyntaxError(`has args that are code: ${source}; ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  return {
    class: named.includes('.') && !named.startsWith('handlers.') ? named : `logging.${named}`,
    args: literal(args),
    kwargs: literal(kwargs),
    ...(level !== undefined && { level }),
    ...(formatter !== undefined && formatter !== '' && { formatter }),
  };
}

function filledIn(value: string, defaults: Section): string {
  return value.replaceAll(/%(?:%|\(([^()]+)\)s)/g, (whole, name: string | undefined) =>
    name === undefined ? '%' : (defaults[name] ?? whole),
  );
}

/** By `configparser`'s rules, as far as logging files use them. */
function sectionsOf(text: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  let last = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const head = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (head !== undefined) {
      section = {};
      sections.set(head, section);
      continue;
    }
    if (section === undefined) throw new SyntaxError(`has a line before its first section: ${line.trim()}`);
    if (/^\s/.test(line) && last in section) {
      section[last] += `\n${line.trim()}`;
      continue;
    }
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) throw new SyntaxError(`has a line that is no "key = value": ${line.trim()}`);
    last = key.toLowerCase();
    section[last] = value.trim();
  }
  return sections;
}
