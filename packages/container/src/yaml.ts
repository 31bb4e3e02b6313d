/** What is written as YAML. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | Raw
  | Commented
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/** Text that stands as it is: an expression of a template. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value with its reason behind it, or above it where it takes more than a line. */
export class Commented {
  readonly value: YamlValue;
  readonly comment: string;
  constructor(value: YamlValue, comment: string) {
    this.value = value;
    this.comment = comment;
  }
}

export function raw(text: string): Raw {
  return new Raw(text);
}

export function commented(value: YamlValue, comment: string): Commented {
  return new Commented(value, comment);
}

/** A document, in blocks, with a line break at its end. Members that are `undefined` are left out. */
export function writeYaml(value: YamlValue): string {
  return `${block(value, 0).join('\n')}\n`;
}

function block(value: YamlValue, depth: number): string[] {
  if (value instanceof Commented) return [`# ${value.comment}`, ...block(value.value, depth)];
  if (Array.isArray(value)) return value.flatMap((item: YamlValue) => listItem(item, depth));
  if (isObject(value)) return members(value).flatMap(([key, member]) => keyed(key, member, depth));
  return [scalar(value as string)];
}

function listItem(item: YamlValue, depth: number): string[] {
  const pad = ' '.repeat(depth);
  if (isInline(item)) return [`${pad}- ${inline(item)}`];
  if (item instanceof Commented && isInline(item.value)) {
    return [`${pad}- ${inline(item.value)} # ${item.comment}`];
  }
  const [first = '', ...rest] = block(item, depth + 2);
  return [`${pad}- ${first.trimStart()}`, ...rest];
}

function keyed(key: string, member: YamlValue, depth: number): string[] {
  const pad = ' '.repeat(depth);
  if (member instanceof Commented) {
    const [first = '', ...rest] = keyed(key, member.value, depth);
    if (rest.length === 0) return [`${first} # ${member.comment}`];
    return [`${pad}# ${member.comment}`, first, ...rest];
  }
  const name = scalar(key);
  if (isInline(member)) return [`${pad}${name}: ${inline(member)}`];
  return [`${pad}${name}:`, ...block(member, depth + 2)];
}

function isInline(value: YamlValue): boolean {
  if (value instanceof Commented) return false;
  if (Array.isArray(value)) return value.length === 0;
  return !isObject(value) || members(value).length === 0;
}

function inline(value: YamlValue): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return '[]';
  return isObject(value) ? '{}' : scalar(value as string);
}

function isObject(value: YamlValue): value is { readonly [key: string]: YamlValue | undefined } {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Raw) && !(value instanceof Commented)
  );
}

function members(value: { readonly [key: string]: YamlValue | undefined }): [string, YamlValue][] {
  return Object.entries(value).filter((entry): entry is [string, YamlValue] => entry[1] !== undefined);
}

/**
 * A scalar. Quoted where YAML would read something else than a text: numbers in all their forms, dates, `yes`, `null`.
 * A text in quotation marks is written as JSON, which YAML reads.
 */
function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  if (/^\d+(?:m|s|Mi|mb)$/.test(value)) return value;
  const isPlain = /^[A-Za-z/][\w./@+=-]*(?: [\w./@+=(),-]+)*$/.test(value);
  return isPlain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}
