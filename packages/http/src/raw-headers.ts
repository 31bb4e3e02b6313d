import { RequestError } from './errors.ts';
import type { FieldLookup } from './forwarding.ts';
import type { HttpRules } from './http-rules.ts';

/** Looks fields up in `node:http`'s `rawHeaders`: names and values by turns. */
export class RawHeaders implements FieldLookup {
  readonly #raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.#raw = raw;
  }

  /** @param name in small letters */
  all(name: string): string[] {
    const values: string[] = [];
    for (let i = 0; i + 1 < this.#raw.length; i += 2) {
      const candidate = this.#raw[i]!;
      if (candidate.length === name.length && candidate.toLowerCase() === name)
        values.push(this.#raw[i + 1]!);
    }
    return values;
  }
}

/**
 * `node:http`'s `rawHeaders` without the names with an underscore that `headerMap` drops: what the parser of
 * this package does by itself. The same array when there is nothing to drop.
 * @param address the transport peer; empty for a unix socket
 * @throws {RequestError} `underscore-name`
 */
export function dropUnderscoreNames(
  raw: readonly string[],
  address: string,
  rules: HttpRules,
): readonly string[] {
  if (!raw.some((text, index) => index % 2 === 0 && text.includes('_'))) return raw;
  const trusted = rules.trustsForwarder(address);
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    const verdict = name.includes('_') ? rules.underscoreVerdict(name, trusted) : 'keep';
    if (verdict === 'refuse') throw new RequestError('underscore-name');
    if (verdict === 'keep') kept.push(name, raw[i + 1]!);
  }
  return kept.length === raw.length ? raw : kept;
}
