/**
 * Words that the command takes as its first argument to speak to a running server, each with what it does. An application
 * of such a name is called `./status.ts` or `status:app`.
 */
export const VERBS = {
  status: 'Say how the server fares: workers, listeners, the last reload',
  ps: 'List the workers',
  top: 'Show the workers with what each uses and does, live',
  reload: 'Load settings and application anew, and wait until the new workers serve',
  scale: 'Have another number of workers, and wait until they serve',
  'restart-worker': 'Put another worker in the place of one, without losing a request',
  stop: 'Stop the server when its workers have finished what they have',
  drain: 'Say to whoever asks that the server is not ready, and serve on',
  resume: 'Say that it is ready again',
  upgrade: 'Start the server that is installed now beside the running one, and hand the service over',
  logs: 'Show the latest lines of both logs of all its processes, and follow them',
  loglevel: 'Show or set the least severe level that is logged',
  'reopen-logs': 'Open the log files anew, after they were renamed',
  stacks: 'Say where the threads of workers stand, without harm to them',
  metrics: 'Print what is counted, as Prometheus reads it',
  config: 'Show the settings that are in force',
} as const;

/** One of {@link VERBS}. */
export type VerbName = keyof typeof VERBS;

export function isVerb(word: string | undefined): word is VerbName {
  return word !== undefined && Object.hasOwn(VERBS, word);
}
