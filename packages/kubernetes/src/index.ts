export { exporters } from './exporters.ts';
export { lintManifests, type ManifestFinding } from './lint/lint.ts';
export { BUSY_RATIO, busyQuery, QUEUE_SECONDS, queueQuery, TARGETS } from './scale/queries.ts';
export { wantedReplicas } from './scale/scaling.ts';
