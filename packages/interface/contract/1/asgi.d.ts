export type AsgiScope = {
    readonly type: string;
} & Record<string, unknown>;
export type AsgiMessage = {
    readonly type: string;
} & Record<string, unknown>;
export type AsgiReceive = () => Promise<AsgiMessage>;
export type AsgiSend = (message: AsgiMessage) => Promise<void>;
export type AsgiHandler = (scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) => unknown;
export interface AsgiRequest {
    readonly head: {
        readonly method: string;
        readonly target: string;
        readonly version: number;
        readonly scheme: 'http' | 'https';
        readonly expectsContinue: boolean;
        readonly fields: {
            readonly count: number;
            name(index: number): string;
            value(index: number): string;
        };
        parseTarget(): {
            readonly path: string;
            readonly query: string;
        };
    };
    readonly client: {
        readonly host: string;
        readonly port: number;
        readonly local: {
            readonly host: string;
            readonly port: number;
        } | undefined;
        readonly path?: string | undefined;
    };
    readonly stream: AsgiBody | undefined;
}
export interface AsgiBody {
    next(): Promise<Uint8Array | undefined>;
}
export interface AsgiHead {
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
}
export interface AsgiResponse {
    respond(head: AsgiHead, body: Uint8Array): void;
    begin(head: AsgiHead): void;
    hint(headers: AsgiHead['headers']): void;
    write(piece: Uint8Array): boolean;
    end(): void;
    fail(error: Error): void;
    lose(error: Error, status: 502 | 504): void;
}
export interface AsgiCall {
    drained(): void;
    abandon(): void;
}
export interface AsgiSocketResponse extends AsgiResponse {
    accept(subprotocol: string | undefined, headers: AsgiHead['headers']): void;
    send(data: Uint8Array, form: AsgiMessageForm, onSent: () => void): void;
    close(code: number, reason: string): void;
    pause(): void;
    resume(): void;
}
export interface AsgiMessageForm {
    readonly isText: boolean;
    readonly isLast: boolean;
}
export interface AsgiSocketCall extends AsgiCall {
    message(data: Uint8Array, isText: boolean): void;
    closed(code: number, reason: string): void;
}
export interface AsgiSocketOptions {
    readonly maxMessageSize: number;
    readonly pingSeconds: number;
    readonly deflates: boolean;
}
export interface AsgiGateway {
    readonly namesForwardedClient?: boolean;
    call(request: AsgiRequest, response: AsgiResponse): AsgiCall;
    connect?(request: AsgiRequest, response: AsgiSocketResponse): AsgiSocketCall;
    readonly websocket?: AsgiSocketOptions;
    leave?(deadlineMs: number): void;
}
