/** PEM texts, read before privileges were dropped, so that keys may stay readable by root only. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
  readonly ca?: string;
}
