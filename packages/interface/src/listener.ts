/** Where a listener is bound. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly family: 4 | 6 }
  | { readonly kind: 'unix'; readonly path: string };

/**
 * A bound, listening socket. The arbiter opens it, workers inherit the file descriptor; its queue
 * outlives every worker.
 */
export interface Listener {
  /** The file descriptor *in the process that holds this value*; it differs between arbiter and worker. */
  readonly fd: number;
  readonly address: ListenAddress;
  /** For people: `http://127.0.0.1:8000`, `https://[::1]:8000`, `unix:/run/app.sock`. */
  readonly url: string;
}
