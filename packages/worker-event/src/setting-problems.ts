import type { Problem, Settings } from '@gunicorn-ts/interface';

/** What the event worker cannot honour. Does no I/O: it runs in the arbiter at every load. */
export function settingProblems(settings: Readonly<Settings>): readonly Problem[] {
  const problems: Problem[] = [];
  // Without an authority Node would check clients against the public ones, and let in whoever bought a certificate.
  if (settings.certReqs !== 0 && settings.caCerts === undefined) {
    problems.push({
      setting: 'certReqs',
      message: `is ${settings.certReqs}, so client certificates are checked, but caCerts names no authority to check them against`,
      cure: 'set caCerts to a PEM file with the authorities that sign client certificates, or write certReqs: 0',
    });
  }
  return problems;
}
