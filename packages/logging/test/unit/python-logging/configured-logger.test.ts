import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnLogger } from '@gunicorn-ts/interface';
import test, { type ExecutionContext } from 'ava';
import { createConfiguredLogger } from '../../../src/python-logging/configured-logger.ts';
import { planLogging } from '../../../src/python-logging/plan.ts';
import { accessRecord } from '../record.ts';

const LINE: Parameters<typeof createConfiguredLogger>[1] = {
  accessLogFormat: '%(m)s %(U)s',
  logFormat: 'text',
  requestIdHeader: undefined,
  accessLogSample: 1,
  serviceName: 'shop',
};

/** The logger for this `gunicorn.access`, with one handler, and what that has written. */
function loggerOf(
  t: ExecutionContext,
  access: Readonly<Record<string, string>>,
  handler: Readonly<Record<string, string>> = {},
): { readonly logger: OwnLogger; readonly written: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'configured-logger-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const plan = planLogging({
    loggers: { 'gunicorn.access': { ...access, handlers: ['file'] } },
    handlers: { file: { ...handler, class: 'logging.FileHandler', filename: 'access.log' } },
  });
  const logger = createConfiguredLogger(plan, LINE, folder);
  const written = (): string => {
    try {
      return readFileSync(join(folder, 'access.log'), 'utf8');
    } catch {
      return '';
    }
  };
  return { logger, written };
}

for (const [title, access, handler, line] of [
  ['a logger without a level', {}, {}, 'GET /shop\n'],
  ['a logger of level INFO', { level: 'INFO' }, {}, 'GET /shop\n'],
  ['a logger of level WARNING', { level: 'WARNING' }, {}, ''],
  ['a handler of level WARNING', { level: 'INFO' }, { level: 'WARNING' }, ''],
] as const) {
  test(`requests are told of at INFO: ${title} writes ${line === '' ? 'none' : 'them'}`, (t) => {
    const { logger, written } = loggerOf(t, access, handler);
    logger.access?.(accessRecord({ target: '/shop' }));
    logger.close?.();
    t.is(written(), line);
  });
}

test('what lines of requests it has gathered are written when nothing runs any more', (t) => {
  const { logger, written } = loggerOf(t, {});
  t.teardown(() => logger.close?.());
  logger.access?.(accessRecord({ target: '/shop' }));
  logger.access?.(accessRecord({ target: '/cart' }));
  logger.flushStanding?.();
  t.is(written(), 'GET /shop\nGET /cart\n');
});
