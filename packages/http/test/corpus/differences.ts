/** Worker classes that answer some cases otherwise than the corpus says. */
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
];

/** What this worker answers to a case that it treats otherwise. */
export function differingStatuses(worker: WorkerName, name: string): readonly number[] | undefined {
  return DIFFERENCES.find((each) => each.worker === worker && name in each.cases)?.cases[name];
}
