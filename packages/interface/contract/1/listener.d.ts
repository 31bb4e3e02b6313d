export type ListenAddress = {
    readonly kind: 'tcp';
    readonly host: string;
    readonly port: number;
    readonly family: 4 | 6;
} | {
    readonly kind: 'unix';
    readonly path: string;
};
export interface Listener {
    readonly fd: number;
    readonly address: ListenAddress;
    readonly url: string;
}
