import type { Logger } from '@gunicorn-ts/interface';

/** `wsgi.errors` of PEP 3333: what the application writes goes to the error log. */
export function errorStream(log: Logger): Readonly<Record<string, unknown>> {
  const write = (text: string): void => {
    const line = text.trimEnd();
    if (line !== '') log.error(line);
  };
  return {
    write,
    writelines(lines: Iterable<string>) {
      for (const line of lines) write(line);
    },
    flush() {},
  };
}
