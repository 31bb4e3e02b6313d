import { writeFileSync } from 'node:fs';
import { EXIT_CODE } from '@gunicorn-ts/interface';
import { readVerifyArguments, VERIFY_HELP, type VerifyArguments } from './arguments.ts';
import type { Program } from './copy/command.ts';
import { attachNeedsOwner, notYours } from './errors.ts';
import { holds, type Outcome } from './outcome.ts';
import { renderJson } from './report/json.ts';
import { renderJunit } from './report/junit.ts';
import { renderPage } from './report/page.ts';
import { renderText } from './report/text.ts';
import { verifyCopy } from './verify.ts';
import { verifyAttached, verifyUrl } from './verify-running.ts';

/** What the command needs of whoever calls it. */
export interface VerifyIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** How the server is started. */
  readonly program: Program;
}

/**
 * `gunicorn verify …`. Returns the exit code: 0 when everything holds, 1 when something does not.
 * @param argv what stands behind `verify`
 * @throws {OperatorError} with one sentence for the operator
 */
export async function runVerify(argv: readonly string[], io: VerifyIo): Promise<number> {
  const asked = readVerifyArguments(argv);
  if (asked.help) {
    io.stdout.write(`${VERIFY_HELP}\n`);
    return EXIT_CODE.ok;
  }
  const outcome = await outcomeOf(asked, io);
  const again =
    `gunicorn verify --seed ${outcome.seed}${brokenEvents(outcome)} ${argv.filter((word) => word !== '--json').join(' ')}`.trim();
  io.stdout.write(asked.json ? renderJson(outcome) : renderText(outcome, again));
  if (asked.report !== undefined) writeFileSync(asked.report, renderPage(outcome, again));
  if (asked.junit !== undefined) writeFileSync(asked.junit, renderJunit(outcome));
  return holds(outcome) ? EXIT_CODE.ok : EXIT_CODE.failure;
}

function outcomeOf(asked: VerifyArguments, io: VerifyIo): Promise<Outcome> {
  const { url, attach } = asked;
  const tell = (text: string): void => void io.stderr.write(`  ${text}\n`);
  if (attach !== undefined) {
    if (!asked.owns) throw attachNeedsOwner(attach);
    return verifyAttached(asked, io.program, { place: attach, tell });
  }
  if (url === undefined) return verifyCopy(asked, io.program, tell);
  const isHere = url.hostname === 'localhost' || url.hostname === '[::1]' || url.hostname.startsWith('127.');
  if (!isHere && !asked.owns) throw notYours(url.href);
  return verifyUrl(asked, url);
}

function brokenEvents({ verdicts }: Outcome): string {
  const names = verdicts.flatMap(({ property, holds: good }) =>
    good ? [] : (/^(\S+) ×/.exec(property)?.[1] ?? []),
  );
  return names.length === 0 ? '' : ` --only ${names.join(',')}`;
}
