// node access-exit.ts ACCESSLOG LINES: writes numbered access lines, and exits in the middle of it.
import { createAccessLog } from '../../../src/index.ts';
import { request } from './request.ts';

const [accesslog = '-', lines = '0'] = process.argv.slice(2);
const log = createAccessLog({ accesslog, accessLogFormat: '%(U)s', logFormat: 'text' });
const half = Number(lines) / 2;
for (let number = 0; number < half; number++) log.write(request(number));
setImmediate(() => {
  // The first half is in flight now: this runs in the turn that began its write.
  for (let number = half; number < Number(lines); number++) log.write(request(number));
  process.exit(7);
});
