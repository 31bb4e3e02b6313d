import { holds, type Outcome, requestsByClient } from '../outcome.ts';

/** The outcome as JSON: one object a property, with the requests that broke it. */
export function renderJson(outcome: Outcome): string {
  const { subject, seed, rate, seconds, verdicts, entries, happened } = outcome;
  const result = holds(outcome) ? 'holds' : 'broken';
  const properties = verdicts.map(({ property, holds: good, detail, lost }) => ({
    property,
    holds: good,
    detail,
    lost: good ? lost.length : lost,
  }));
  const requests = entries.length;
  const clients = requestsByClient(entries);
  return `${JSON.stringify({ result, subject, seed, rate, seconds, requests, clients, properties, events: happened }, undefined, 2)}\n`;
}
