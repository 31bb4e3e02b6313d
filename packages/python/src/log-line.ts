import type { Logger } from '@gunicorn-ts/interface';

/** Writes a line that the Python process sent: a byte for the level, and text. It has been through the loggers there. */
export function logLine(logger: Logger, payload: Buffer): void {
  const log = logger.own ?? logger;
  const text = payload.toString('utf8', 1);
  switch (String.fromCharCode(payload[0] ?? 0)) {
    case 'e':
      return log.error(text);
    case 'w':
      return log.warning(text);
    case 'd':
      return log.debug(text);
    default:
      return log.info(text);
  }
}
