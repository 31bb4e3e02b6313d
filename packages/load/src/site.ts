/** Who a client says that it is, where a server asks for it: PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A server, as clients reach it. */
export interface Site {
  readonly url: URL;
  readonly identity?: ClientIdentity | undefined;
}

/** How TLS is spoken to it: whoever signed its certificate, since what is asked is whether it answers. */
export function tlsOptions({
  identity,
}: Site): Partial<ClientIdentity> & { readonly rejectUnauthorized: false } {
  return { rejectUnauthorized: false, ...identity };
}
