import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AsgiGateway, AsgiHandler } from './asgi.ts';
import type { AccessRecord } from './request.ts';
import type { TlsMaterial } from './tls-material.ts';
export declare const APPLICATION_KINDS: readonly ['node', 'fetch', 'wsgi', 'asgi'];
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;
export type FetchHandler = (request: Request, env?: unknown) => Response | Promise<Response>;
export type WsgiEnviron = Record<string, unknown>;
export type WsgiStartResponse = (status: string, headers: readonly (readonly [name: string, value: string])[], excInfo?: unknown) => (chunk: Uint8Array) => void;
export type WsgiBody = (Iterable<Uint8Array> | AsyncIterable<Uint8Array>) & {
    close?(): void;
};
export type WsgiInputMode = 'whole' | 'stream';
export type WsgiHandler = (environ: WsgiEnviron, startResponse: WsgiStartResponse) => WsgiBody | Promise<WsgiBody>;
export interface ApplicationProcess {
    readonly pid?: number;
    readonly stacksFd?: number;
    readonly isWatched: boolean;
    end?(): Promise<unknown>;
}
export interface ApplicationLog {
    write(record: AccessRecord): boolean;
}
export type Application = ApplicationKinds & {
    readonly accessLog?: ApplicationLog;
    readonly renewsItself?: boolean;
    reopenLogs?(): void;
    readonly tls?: TlsMaterial;
};
type ApplicationKinds = {
    readonly kind: 'node';
    readonly handler: NodeHandler;
    readonly server?: Server;
    close?(): unknown;
} | {
    readonly kind: 'fetch';
    readonly handler: FetchHandler;
    close?(): unknown;
} | {
    readonly kind: 'asgi';
    readonly handler: AsgiHandler | AsgiGateway;
    readonly process?: ApplicationProcess;
    close?(): unknown;
} | {
    readonly kind: 'wsgi';
    readonly handler: WsgiHandler;
    readonly input?: WsgiInputMode;
    readonly process?: ApplicationProcess;
    close?(): unknown;
};
export {};
