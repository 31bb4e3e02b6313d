/** Worker classes that serve HTTP by different parsers. */
export type WorkerName = 'sync' | 'event';

/** Cases of the corpus that a worker class answers otherwise than the corpus says, for one reason. */
export interface Difference {
  readonly worker: WorkerName;
  /** Why, in a sentence for the operator. */
  readonly reason: string;
  /** Name of a case to the statuses of its answers, in order; none when the connection is closed without a word. */
  readonly cases: Readonly<Record<string, readonly number[]>>;
}

/** All of them. The documentation is made from this table, and a test holds both workers to it. */
export const DIFFERENCES: readonly Difference[] = [
  {
    worker: 'sync',
    reason: 'It serves one request a connection, so what comes behind that is not read.',
    cases: {
      'end-in-second-request': [200],
      'proxy-v1-on-second-request': [200],
      'smuggling-body-as-request': [200],
    },
  },
  {
    worker: 'event',
    reason: 'The request before the bad one has been answered by then.',
    cases: {
      'end-in-second-request': [200, 400],
      'proxy-v1-on-second-request': [200, 400],
      'smuggling-body-as-request': [200, 400],
    },
  },
  {
    worker: 'event',
    reason:
      'Node keeps trailers apart from the headers, where they cannot pass for one, and limits them together with the head.',
    cases: {
      'trailer-forbidden-authorization': [200],
      'trailer-forbidden-connection': [200],
      'trailer-forbidden-content-type': [200],
      'trailer-forbidden-cookie': [200],
      'trailer-forbidden-forwarded': [200],
      'trailer-forbidden-host': [200],
      'trailer-forbidden-te': [200],
      'trailer-forbidden-trailer': [200],
      'trailer-too-long': [200],
      'trailer-too-many': [200],
      'trailer-underscore-refused': [200],
    },
  },
  {
    worker: 'event',
    reason: 'Node reads a head to its end before anybody can judge its parts, or refuses it as broken off.',
    cases: {
      'field-size-name-only': [400],
      'field-size-unfinished': [400],
      'limit-request-line-garbage': [400],
      'limit-request-line-unfinished': [400],
      'limit-request-line-unfinished-by-a-byte': [400],
      'trailer-unfinished': [400],
    },
  },
  {
    worker: 'event',
    reason: 'Node refuses a length beyond 64 bits as malformed, not as too large.',
    cases: { 'chunk-size-huge': [400], 'smuggling-length-huge': [400] },
  },
  {
    worker: 'event',
    reason: 'Node gives up to 16 KiB to the extensions of chunks, whatever the size of their data.',
    cases: { 'chunk-extensions-outweigh-data': [200] },
  },
  {
    worker: 'event',
    reason: 'Node knows the registered methods and the versions 1.0 and 1.1, and no others.',
    cases: {
      'http-2-preface': [400],
      'method-longest': [400],
      'proxy-absent-similar-method': [400],
      'target-alone': [505],
      'version-1-2': [400],
    },
  },
  {
    worker: 'event',
    reason: 'Node skips line ends in front of a request, and further spaces around its target.',
    cases: {
      'line-end-cr-first': [200],
      'line-end-lf-first': [200],
      'line-end-two-empty-lines-first': [200],
      'target-two-spaces-before': [200],
      'target-two-spaces-behind': [200],
    },
  },
  {
    worker: 'event',
    reason:
      'Node refuses bytes beyond ASCII in a target, and white space that RFC 9112 allows around chunk extensions and codings.',
    cases: {
      'chunked-extension-after-space': [400],
      'chunked-padded-with-tabs': [400],
      'target-raw-utf8': [400],
    },
  },
];

/** What this worker answers to a case that it treats otherwise. */
export function differingStatuses(worker: WorkerName, name: string): readonly number[] | undefined {
  return DIFFERENCES.find((each) => each.worker === worker && name in each.cases)?.cases[name];
}
