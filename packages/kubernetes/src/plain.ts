import { Commented, type YamlValue } from '@gunicorn-ts/container';

/** The data without its comments, as a parser would read it. */
export function plain(value: YamlValue | undefined): unknown {
  if (value instanceof Commented) return plain(value.value);
  if (Array.isArray(value)) return value.map((item: YamlValue) => plain(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member as YamlValue)]));
}
