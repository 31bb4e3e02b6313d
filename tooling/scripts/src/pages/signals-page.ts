import { ARBITER_SIGNALS, WORKER_SIGNALS } from '@gunicorn-ts/interface';
import { page, sentence, table } from './page.ts';

function rowsOf(signals: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(signals).map(([name, meaning]) => [
    `\`${name.replace(/^SIG/, '')}\``,
    sentence(meaning),
  ]);
}

export function renderSignalsPage(): string {
  return page(
    'Signals',
    'To the arbiter, the process whose id stands in the pid file:',
    table(['signal', 'what it does'], rowsOf(ARBITER_SIGNALS)),
    'To a worker. The arbiter sends these itself; they are listed for those who look at one worker:',
    table(['signal', 'what it does'], rowsOf(WORKER_SIGNALS)),
    'How to use them: [operating.md](operating.md).',
  );
}
