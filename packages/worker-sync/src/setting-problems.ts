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
  return problems;
}
