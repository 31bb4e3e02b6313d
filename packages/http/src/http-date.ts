/** Gives the `Date` of a response (RFC 9110 §5.6.7), and makes a new text only when the second changes. */
export class HttpDate {
  readonly #now: () => number;
  #second = Number.NaN;
  #text = '';

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `Sun, 06 Nov 1994 08:49:37 GMT` */
  get text(): string {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toUTCString();
    }
    return this.#text;
  }
}
