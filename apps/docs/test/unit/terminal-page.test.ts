import test from 'ava';
import { terminalPage } from '../../src/terminal-page.ts';

const E = '\u001b';

test('what a terminal shows keeps its colors, and is text', (t) => {
  const page = terminalPage(`a<b ${E}[31mred${E}[39m ${E}[7mhead${E}[0m end`);
  const [, shown = ''] = /<pre>(.*)<\/pre>/s.exec(page) ?? [];
  t.is(
    shown,
    'a&lt;b <span style="color: #ff6f6f">red</span> <span style="color: #14171c; background: #e7eaf0">head</span> end',
  );
});
