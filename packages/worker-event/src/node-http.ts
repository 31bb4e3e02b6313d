import type * as Http from 'node:http';
import type * as Https from 'node:https';

/**
 * `node:http` and `node:https` without an `import`: that copies every name a built-in module exports, and among
 * those of `node:http` are getters that load Node's whole fetch client, 13 MB that this worker has no use for.
 */
export const http: typeof Http = process.getBuiltinModule('node:http');

/** Loaded when there is a certificate. */
export function https(): typeof Https {
  return process.getBuiltinModule('node:https');
}
