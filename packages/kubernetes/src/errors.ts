import { EXIT_CODE, OperatorError } from '@gunicorn-ts/interface';
import type { ManifestFinding } from './lint/finding.ts';

/** An option is missing without which there are no manifests. */
export function optionMissing(flag: string, cure: string): OperatorError {
  return new OperatorError('ERR_EXPORT_USAGE', `${flag} is missing; ${cure}`, { exitCode: EXIT_CODE.usage });
}

/** The settings and options together give manifests that a cluster takes and that do not work. */
export function unsoundManifests(findings: readonly ManifestFinding[]): OperatorError {
  return new OperatorError(
    'ERR_EXPORT_DISAGREEMENT',
    findings.map(({ where, what, cure }) => `${where}: ${what}; ${cure}`).join('\n'),
  );
}
