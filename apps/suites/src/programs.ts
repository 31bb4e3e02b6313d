// Program: runs each file that its arguments name (patterns, below the working directory) as a test of its own, which
// passes with exit code 0, and appends a line of JSON for each to the file that SUITES_REPORT names. Flags for Node.js
// that a file asks for in a line of its own, as those of Node.js itself do, are given to it.
import { appendFileSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runChild } from './children.ts';

const LANES = 2;
const WITHIN_MS = 30_000;
/** A file without one is of no interest here. */
const MAKES_SERVERS = /\b(createServer|Server)\b/;
const report = process.env['SUITES_REPORT'] ?? '';
const files = process.argv.slice(2).flatMap((pattern) => globSync(pattern));
files.sort();

async function lane(number: number): Promise<void> {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const text = readFileSync(file, 'utf8');
    if (!MAKES_SERVERS.test(text)) continue;
    const flags = /^\/\/ Flags: (.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
    // TEST_THREAD_ID: temporary folders of Node's own tests have its number in their name.
    const env = { TEST_THREAD_ID: String(number) };
    const { code, output } = await runChild([process.execPath, ...flags, file], {
      cwd: process.cwd(),
      env,
      within: WITHIN_MS,
    });
    const verdict = /^1\.\.0 # skip/im.test(output) ? 'skipped' : code === 0 ? 'passed' : 'failed';
    appendFileSync(report, `${JSON.stringify({ file: resolve(file), path: [], verdict })}\n`);
  }
}

await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
