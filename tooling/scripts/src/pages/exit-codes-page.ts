import { EXIT_CODE, EXIT_CODE_MEANING, type ExitCodeName } from '@gunicorn-ts/interface';
import { page, sentence, table } from './page.ts';

export function renderExitCodesPage(): string {
  const rows = Object.entries(EXIT_CODE).map(([name, code]) => [
    String(code),
    sentence(EXIT_CODE_MEANING[name as ExitCodeName]),
  ]);
  return page(
    'Exit codes',
    'Of the arbiter, and of a worker where the log names one:',
    table(['code', 'meaning'], rows),
    '0 to 4 mean what they mean in Gunicorn.',
  );
}
