import { execFile } from 'node:child_process';
import type { ClientIdentity } from '@gunicorn-ts/load';
import { clientsNeedCertificates, copyWouldWriteLogs } from '../errors.ts';
import { environmentOfCopy } from './arguments-of-copy.ts';
import type { Program } from './command.ts';

const LONGEST_MS = 90_000;
const GIVEN = /^(?<setting>logConfig\w*) += (?!undefined ).*# (?<source>.*)$/m;

/** Reads the text of `--print-config`: what configures Python's `logging`, and where it comes from. Pure. */
export function loggingConfigIn(
  printed: string,
): { readonly setting: string; readonly source: string } | undefined {
  const { setting, source } = GIVEN.exec(printed)?.groups ?? {};
  return setting === undefined || source === undefined ? undefined : { setting, source };
}

const CERTIFICATES_ASKED = /^certReqs += 2 .*# (?<source>.*)$/m;

/** Where the settings have it that every client shows a certificate; `undefined` when they do not. Pure. */
export function certificatesAskedIn(printed: string): string | undefined {
  return CERTIFICATES_ASKED.exec(printed)?.groups?.['source'];
}

/**
 * A copy writes into no log of the operator's, and no flag takes away those that a configuration of Python's `logging`
 * names; and where clients must have certificates, it would answer nobody who has none.
 * @throws {OperatorError} `ERR_VERIFY_LOG_CONFIG`, `ERR_VERIFY_CERTIFICATE`
 */
export async function refuseUnverifiable(
  program: Program,
  argv: readonly string[],
  identity: ClientIdentity | undefined,
): Promise<void> {
  const printed = await printedSettings(program, argv);
  const found = loggingConfigIn(printed);
  if (found !== undefined) throw copyWouldWriteLogs(found.setting, found.source);
  const source = certificatesAskedIn(printed);
  if (source !== undefined && identity === undefined) throw clientsNeedCertificates(source);
}

/** They are printed before the application is tried: what else is wrong, the start of the copy says. */
function printedSettings({ words, env, cwd }: Program, argv: readonly string[]): Promise<string> {
  const [command = '', ...own] = words;
  const options = { cwd, env: environmentOfCopy(env), timeout: LONGEST_MS };
  return new Promise((resolve) => {
    execFile(command, [...own, '--print-config', ...argv], options, (_, stdout) => resolve(stdout));
  });
}
