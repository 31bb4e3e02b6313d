export declare const VERBS: {
    readonly status: 'Say how the server fares: workers, listeners, the last reload';
    readonly ps: 'List the workers';
    readonly top: 'Show the workers with what each uses and does, live';
    readonly reload: 'Load settings and application anew, and wait until the new workers serve';
    readonly scale: 'Have another number of workers, and wait until they serve';
    readonly 'restart-worker': 'Put another worker in the place of one, without losing a request';
    readonly stop: 'Stop the server when its workers have finished what they have';
    readonly drain: 'Say to whoever asks that the server is not ready, and serve on';
    readonly resume: 'Say that it is ready again';
    readonly upgrade: 'Start the server that is installed now beside the running one, and hand the service over';
    readonly 'reopen-logs': 'Open the log files anew, after they were renamed';
    readonly stacks: 'Say where the threads of workers stand, without harm to them';
    readonly metrics: 'Print what is counted, as Prometheus reads it';
    readonly config: 'Show the settings that are in force';
};
export type VerbName = keyof typeof VERBS;
export declare function isVerb(word: string | undefined): word is VerbName;
