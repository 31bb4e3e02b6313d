import test from 'ava';
import { requestStartAge } from '../../src/observe/request-start.ts';

const NOW = 1_700_000_000_500;

const cases = [
  ['nginx', 't=1700000000.123', 377],
  ['Apache', 't=1700000000123456', 377],
  ['Heroku', '1700000000123', 377],
  ['nanoseconds', '1700000000123456789', 377],
  ['whole seconds', 't=1700000000', 500],
  ['a clock that is ahead', 't=1700000009.000', 0],
  ['a clock that is an hour behind', 't=1699990000.000', undefined],
  ['a word', 'now', undefined],
  ['a number that is no time', '5', undefined],
  ['nothing', '', undefined],
  ['two of them', 't=1700000000.1, t=1700000000.2', undefined],
] as const;

for (const [title, value, ms] of cases) {
  test(`X-Request-Start of ${title} is ${ms === undefined ? 'not believed' : `${ms} ms ago`}`, (t) => {
    const age = requestStartAge(value, NOW);
    t.is(age === undefined ? undefined : Math.round(age), ms);
  });
}
