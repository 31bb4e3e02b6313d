import type { Entry } from '../load/ledger.ts';
import { holds, type Outcome } from '../outcome.ts';

/** Lost requests that are named each; the page has all. */
const MOST_NAMED = 5;

/** The outcome for a terminal. */
export function renderText(outcome: Outcome, again: string): string {
  const { subject, seed, rate, seconds, verdicts, entries } = outcome;
  const broken = verdicts.filter((verdict) => !verdict.holds);
  const width = Math.max(...verdicts.map(({ property }) => property.length));
  return [
    `verify  ${subject}  seed ${seed}  ${seconds} s  ${entries.length} requests, ${rate} a second`,
    ...verdicts.flatMap(({ property, holds: good, detail, lost }) => [
      `  ${good ? '✔' : '✘'} ${property.padEnd(width)}  ${detail}`,
      ...(good ? [] : lost.slice(0, MOST_NAMED).map((entry) => `      ${renderEntry(entry)}`)),
    ]),
    holds(outcome)
      ? `All ${verdicts.length} properties hold.`
      : `FAILED ${broken.length} of ${verdicts.length}.  Again: ${again}`,
    '',
  ].join('\n');
}

/** `12.341 s  GET / by keep-alive (v512): reset, the server closed …, after 31 ms`. */
export function renderEntry({ id, client, path, startedAt, endedAt, failure }: Entry): string {
  const took = Math.round(endedAt - startedAt);
  const what = failure === undefined ? '' : `: ${failure.kind}, ${failure.detail}, after ${took} ms`;
  return `${(startedAt / 1000).toFixed(3)} s  ${client === 'upload' ? 'POST' : 'GET'} ${path} by ${client} (${id})${what}`;
}
