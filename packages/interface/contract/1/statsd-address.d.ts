export type StatsdAddress = {
    readonly kind: 'udp';
    readonly host: string;
    readonly port: number;
} | {
    readonly kind: 'unix';
    readonly path: string;
};
export declare function parseStatsdAddress(text: string): StatsdAddress;
