// A reporter of `node --test`: a line of JSON for each test that has ended.
import type { TestEvent } from 'node:test/reporters';

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  /** The tests that have begun around the one that is told about, of each file. */
  const paths = new Map<string, string[]>();
  for await (const { type, data } of source) {
    if (type !== 'test:start' && type !== 'test:pass' && type !== 'test:fail') continue;
    const file = data.file ?? '';
    const path = paths.get(file) ?? [];
    paths.set(file, path);
    path.length = data.nesting;
    path.push(data.name);
    if (type === 'test:start' || data.details.type === 'suite') continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const verdict = skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    yield `${JSON.stringify({ file, path, verdict })}\n`;
  }
}
