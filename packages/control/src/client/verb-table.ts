import type { VerbName } from '@gunicorn-ts/interface';
import type { Verb } from './verb.ts';
import { config } from './verbs/config.ts';
import { loglevel, logs } from './verbs/logs.ts';
import { metrics } from './verbs/metrics.ts';
import { ps } from './verbs/ps.ts';
import { stacks } from './verbs/stacks.ts';
import { status } from './verbs/status.ts';
import { drain, reload, reopenLogs, restartWorker, resume, scale, stop } from './verbs/undertakings.ts';
import { top } from './verbs/top.ts';
import { upgrade } from './verbs/upgrade.ts';

/** Each verb of the command. The compiler refuses the table when one is missing. */
export const verbs: Readonly<Record<VerbName, Verb>> = {
  status,
  ps,
  top,
  reload,
  scale,
  'restart-worker': restartWorker,
  stop,
  drain,
  resume,
  upgrade,
  logs,
  loglevel,
  'reopen-logs': reopenLogs,
  stacks,
  metrics,
  config,
};
