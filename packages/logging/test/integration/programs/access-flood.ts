// node access-flood.ts ACCESSLOG LINES: writes numbered access lines over many turns of the loop, closes, and
// says on stderr, as JSON, how the loop and the memory fared.
import { createAccessLog } from '../../../src/index.ts';
import { request } from './request.ts';

const [accesslog = '-', lines = '0'] = process.argv.slice(2);
const errors: string[] = [];
const log = createAccessLog({
  accesslog,
  accessLogFormat: `%(U)s %({${'x'.repeat(150)}}i)s${'.'.repeat(150)}`,
  logFormat: 'text',
  onError: (error) => errors.push(error.message),
});

const memoryBefore = process.memoryUsage.rss();
let longestTurnMs = 0;
for (let number = 0; number < Number(lines);) {
  const turn = performance.now();
  for (let i = 0; i < 100 && number < Number(lines); i++) log.write(request(number++));
  await new Promise((resolve) => setImmediate(resolve));
  longestTurnMs = Math.max(longestTurnMs, performance.now() - turn);
}
const grownBytes = process.memoryUsage.rss() - memoryBefore;
const closing = performance.now();
await log.close();
const closeMs = performance.now() - closing;
process.stderr.write(`${JSON.stringify({ longestTurnMs, grownBytes, closeMs, errors })}\n`);
