import type { ConnectionHost } from '../connection/connection-host.ts';
import type { Limits } from '../connection/limits.ts';
import type { RequestReader, RequestReaders } from '../connection/request-reader.ts';
import type { ServedConnection } from '../connection/served-connection.ts';
import type { Service } from '../connection/service.ts';

/** Whom the connections of streams belong to in the end. */
export interface StreamsHost extends ConnectionHost {
  streamClosed(connection: ServedConnection): void;
}

/** What a stream shares with all connections, and the one request that is its own. */
export class StreamHost implements ConnectionHost, RequestReaders {
  readonly isShared: boolean = false;
  readonly allowHalfOpen: boolean = false;
  readonly limits: Readonly<Limits>;
  readonly #host: StreamsHost;
  readonly #reader: RequestReader;

  constructor(host: StreamsHost, reader: RequestReader, limits: Readonly<Limits>) {
    this.#host = host;
    this.#reader = reader;
    this.limits = limits;
  }

  get service(): Service {
    return this.#host.service;
  }

  get parsers(): RequestReaders {
    return this;
  }

  /** It has no second request to lose. */
  get isClosing(): boolean {
    return false;
  }

  take(): RequestReader {
    return this.#reader;
  }

  giveBack(): void {}

  keepDeadline(ms: number): void {
    this.#host.keepDeadline(ms);
  }

  /** It is spoken already. */
  onPreface(): void {}

  onClosed(connection: ServedConnection): void {
    this.#host.streamClosed(connection);
  }
}
