export interface TlsMaterial {
    readonly key: string;
    readonly cert: string;
    readonly ca?: string;
}
