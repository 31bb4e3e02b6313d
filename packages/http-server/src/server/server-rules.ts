import type { ServerOptions } from 'node:http';
import { maxHeaderSize } from '../node-http.ts';
import { DEFAULT_HTTP_POLICY, HttpRules } from '@gunicorn-ts/http';

/** Newer versions of Node have further options. */
export interface RuleOptions extends Pick<ServerOptions, 'insecureHTTPParser' | 'maxHeaderSize'> {
  readonly httpValidation?: 'strict' | 'relaxed' | 'insecure' | undefined;
}

/**
 * What Node's own server lets pass, as far as it can be read in one way only. Everything that an operator could set
 * is the application's business here: no header is dropped, and no proxy believed.
 */
export function rulesOf(options: RuleOptions): HttpRules {
  const isLenient = options.insecureHTTPParser === true || options.httpValidation === 'insecure';
  return new HttpRules({
    ...DEFAULT_HTTP_POLICY,
    limitRequestLine: 0,
    limitRequestFields: 0,
    limitRequestFieldSize: 0,
    limitRequestBody: 0,
    // Of so many bytes Node refuses the last.
    limitRequestHead: (options.maxHeaderSize || maxHeaderSize) - 1,
    permitObsoleteFolding: isLenient,
    stripHeaderSpaces: isLenient,
    permitControlCharacters: isLenient,
    keepsRefused: true,
    headerMap: 'dangerous',
    forwardedAllowIps: [],
    // Asked for behind the decision on an upgrade, which Node takes without.
    requireHost: false,
    anyExpectation: true,
  });
}
