import { RequestError } from './errors.ts';
import { type ForwardedElement, believedElement, parseForwarded } from './forwarded.ts';
import type { HttpRules } from './http-rules.ts';

export type Scheme = 'http' | 'https';

/** Values of a field by its name in small letters, as `HeaderFields` has them. */
export interface FieldLookup {
  all(name: string): readonly string[];
}

/** What a trusted proxy says about the client's side. */
export interface Forwarding {
  readonly scheme: Scheme;
  /** The element of `Forwarded` that describes the client. */
  readonly forwarded: ForwardedElement | undefined;
}

/**
 * Reads what a *trusted* peer says about the client's side: `secureSchemeHeaders` and `Forwarded` (RFC 7239).
 * Ask `rules.trustsForwarder` first; from anybody else these headers are only text for the application.
 *
 * A header of `secureSchemeHeaders` means `https` when it has the value that the setting names, or is
 * `https` itself, which is what most proxies send whatever the header is called.
 * @param scheme what the connection itself says
 * @throws {RequestError} `contradictory-scheme` when two of them disagree; `forwarded`
 */
export function readForwarding(fields: FieldLookup, scheme: Scheme, rules: HttpRules): Forwarding {
  let said: Scheme | undefined;
  for (const [name, secureValue] of rules.secureSchemes) {
    for (const value of fields.all(name)) {
      const folded = value.toLowerCase();
      said = agreed(said, folded === secureValue || folded === 'https');
    }
  }
  const forwarded = readForwarded(fields.all('forwarded'), rules);
  if (forwarded?.proto !== undefined) said = agreed(said, forwarded.proto === 'https');
  return { scheme: said ?? scheme, forwarded };
}

function agreed(said: Scheme | undefined, secure: boolean): Scheme {
  const next = secure ? 'https' : 'http';
  if (said !== undefined && said !== next) throw new RequestError('contradictory-scheme');
  return next;
}

function readForwarded(lines: readonly string[], rules: HttpRules): ForwardedElement | undefined {
  if (lines.length === 0) return undefined;
  return believedElement(parseForwarded(lines.join(',')), (address) => rules.trustsForwarder(address));
}
