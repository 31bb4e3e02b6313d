import { holds, type Outcome } from '../outcome.ts';
import { escapeXml } from './escape.ts';
import { renderEntry } from './text.ts';

/** The outcome as JUnit's XML, a test case a property. */
export function renderJunit(outcome: Outcome): string {
  const { subject, seconds, verdicts } = outcome;
  const failures = verdicts.filter((verdict) => !verdict.holds).length;
  const cases = verdicts.map(({ property, holds: good, detail, lost }) => {
    const name = `<testcase classname="gunicorn verify" name="${escapeXml(property)}"`;
    if (good) return `  ${name}/>`;
    const text = escapeXml(lost.map(renderEntry).join('\n'));
    return `  ${name}><failure message="${escapeXml(detail)}">${text}</failure></testcase>`;
  });
  const counts = `tests="${verdicts.length}" failures="${failures}" time="${seconds}"`;
  const verdict = holds(outcome) ? 'holds' : 'broken';
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="gunicorn verify ${escapeXml(subject)}: ${verdict}" ${counts}>
${cases.join('\n')}
</testsuite>
`;
}
