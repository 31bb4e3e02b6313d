// node error-flood.ts ENTRIES: writes numbered entries to stderr, says on stdout how long that took, waits
// until its stdin ends, writes one more.
import { createErrorLog } from '../../../src/index.ts';

const log = createErrorLog({ errorlog: '-', loglevel: 'info', logFormat: 'text' });
const start = performance.now();
for (let number = 0; number < Number(process.argv[2]); number++)
  log.info(`entry ${number} ${'.'.repeat(100)}`);
process.stdout.write(`${performance.now() - start}\n`);
process.stdin.resume().on('end', () => {
  log.info('the last');
  log.close();
});
