import { type ConnectionInfo, type HttpRules, RequestParser } from '@gunicorn-ts/http';
import type { RequestReader, RequestReaders } from './request-reader.ts';

const NOBODY: ConnectionInfo = { address: '', secure: false };

/** Parsers that nobody uses are kept at most. */
const MOST_SPARE = 64;

/** A connection that waits for its next request needs no parser: those with one are few. */
export class ParserPool implements RequestReaders {
  readonly rules: HttpRules;
  readonly #spare: RequestParser[] = [];

  constructor(rules: HttpRules) {
    this.rules = rules;
  }

  take(connection: ConnectionInfo): RequestParser {
    const parser = this.#spare.pop();
    if (parser === undefined) return new RequestParser(this.rules, connection);
    parser.restart(connection);
    return parser;
  }

  /** Whether a connection may have another parser for each request: not where the first one has read a proxy's header. */
  get isShared(): boolean {
    return this.rules.policy.proxyProtocol === 'off';
  }

  giveBack(reader: RequestReader): void {
    const parser = reader as RequestParser;
    if (this.#spare.length >= MOST_SPARE) return;
    if (parser.held > 0) parser.restart(NOBODY);
    this.#spare.push(parser);
  }
}
