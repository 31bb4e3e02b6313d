import { inspect } from 'node:util';

/** `transport: 'descriptor'` was asked for where the event loop cannot be made to watch descriptors. */
export class DescriptorsUnavailableError extends Error {
  readonly code = 'ERR_DESCRIPTORS_UNAVAILABLE';

  constructor() {
    super(
      `the option transport is "descriptor", and connections cannot be descriptors here: that takes Linux, the main ` +
        `thread, and a Node.js that shows libuv's functions; this is ${process.platform} with Node.js ` +
        `${process.version}. Use "auto" or "stream"`,
    );
    this.name = 'DescriptorsUnavailableError';
  }
}

/** The option `transport` is none of those there are. */
export class TransportOptionError extends TypeError {
  readonly code = 'ERR_INVALID_ARG_VALUE';

  constructor(found: unknown) {
    super(
      `the option transport is ${inspect(found)}; write "auto", "descriptor" or "stream", or leave it out for "auto"`,
    );
    this.name = 'TypeError';
  }
}
