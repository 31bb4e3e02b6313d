import type * as Http from 'node:http';

/*
 * `node:http` without an `import` of values: that copies every name a built-in module exports, and among those of
 * `node:http` are getters that load Node's whole fetch client, 13 MB that most servers have no use for.
 */
const http: typeof Http = process.getBuiltinModule('node:http');

export const IncomingMessage: typeof Http.IncomingMessage = http.IncomingMessage;
export type IncomingMessage = Http.IncomingMessage;
export const ServerResponse: typeof Http.ServerResponse = http.ServerResponse;
export type ServerResponse = Http.ServerResponse;
export const NodeServer: typeof Http.Server = http.Server;
export type NodeServer = Http.Server;
export const maxHeaderSize: number = http.maxHeaderSize;
export const STATUS_CODES: typeof Http.STATUS_CODES = http.STATUS_CODES;
