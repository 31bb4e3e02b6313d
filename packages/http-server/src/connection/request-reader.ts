import type { ConnectionInfo, RequestParser } from '@gunicorn-ts/http';

/** Where a connection finds its requests: a parser of bytes, or what stands in its place where frames carry them. */
export type RequestReader = Pick<
  RequestParser,
  | 'next'
  | 'push'
  | 'settle'
  | 'finish'
  | 'takeRest'
  | 'held'
  | 'head'
  | 'chunk'
  | 'trailers'
  | 'error'
  | 'proxy'
>;

/** Who has readers for connections that need one. */
export interface RequestReaders {
  /** Whether a connection may have another one for each request. */
  readonly isShared: boolean;
  take(connection: ConnectionInfo): RequestReader;
  giveBack(reader: RequestReader): void;
}
