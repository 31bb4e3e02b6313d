/** Why a test ends otherwise on the engine, where that is on purpose. */
export interface Explanation {
  readonly suite: string;
  /** What its title contains. */
  readonly title: string;
  readonly reason: string;
}

const HOST =
  'It sends `Host: http://example.com`, which is no host: RFC 9112, section 3.2 has such requests refused.';

export const EXPLANATIONS: readonly Explanation[] = [
  { suite: 'express', title: 'should escape the url', reason: HOST },
  { suite: 'express', title: 'should not render evil javascript links in anchor href', reason: HOST },
  { suite: 'express', title: 'res when accepting text should encode the url', reason: HOST },
  {
    suite: 'finalhandler',
    title: 'onerror should be invoked when error',
    reason:
      'It expects what the application does with `setImmediate` before its client has read the response. Requests are ' +
      'served where immediates are called, so that those of a request are called a turn of the event loop later: ' +
      'behind a client that lives in the same process.',
  },
];

export function explain(suite: string, title: string): string | undefined {
  return EXPLANATIONS.find((one) => one.suite === suite && title.includes(one.title))?.reason;
}
