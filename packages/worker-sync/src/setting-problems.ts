import type { Problem, Settings } from '@gunicorn-ts/interface';

/** What the sync worker cannot honour. Does no I/O: it runs in the arbiter at every load. */
export function settingProblems(settings: Readonly<Settings>): readonly Problem[] {
  const problems: Problem[] = [];
  if (process.platform !== 'linux') {
    problems.push({
      setting: 'workerClass',
      message: `is ${settings.workerClass}, which is built on system calls that only Linux has, and this is ${process.platform}`,
      cure: 'write workerClass: "event"',
    });
  }
  if (settings.certfile !== undefined) {
    problems.push({
      setting: 'certfile',
      message: `is set, but workerClass is ${settings.workerClass}, which does not serve TLS`,
      cure: 'write workerClass: "event", or let a proxy in front do TLS and leave out certfile and keyfile',
    });
  }
  return problems;
}
