/** How long a connection may take for what. Milliseconds; 0 is for ever. */
export interface Limits {
  /** From the first byte of a request, or from the beginning of the connection, to the end of the head. */
  readonly headMs: number;
  /** Without a byte of a body that is being read. */
  readonly bodyMs: number;
  /** From the first byte of a request to its last one. */
  readonly requestMs: number;
  /** From the end of the head to the end of the response; then the request is given up. */
  readonly answerMs: number;
  /** Without a byte of a response being taken by its client. */
  readonly writeMs: number;
  /** Between two requests; 0 closes after each response. */
  readonly keepAliveMs: number;
  /** Without a byte of the rest of a body that nobody wants, or of the client's farewell. */
  readonly lingerMs: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze<Limits>({
  headMs: 60_000,
  bodyMs: 60_000,
  requestMs: 0,
  answerMs: 0,
  writeMs: 60_000,
  keepAliveMs: 5000,
  lingerMs: 2000,
});
