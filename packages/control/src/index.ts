export { openControl, type Sources } from './server/control-server.ts';
export type { Rehearsal, SettingDifference } from './rehearsal.ts';
export type { Place } from './server/socket-file.ts';
export type { ConfiguredPlace, Surroundings } from './client/find-server.ts';
export { runVerb } from './client/run-verb.ts';
export { COMMON_EXITS, verbHelp } from './client/verb-help.ts';
export { verbs } from './client/verb-table.ts';
export type { Verb, VerbOption } from './client/verb.ts';
