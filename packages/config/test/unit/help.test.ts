import test from 'ava';
import { renderHelp } from '../../src/help.ts';
import { builtinDefinitions } from '../../src/registry.ts';

test('Help shows every flag and no line is wider than the terminal', (t) => {
  const text = renderHelp(builtinDefinitions, 72);
  for (const { flag } of builtinDefinitions) {
    for (const name of flag?.names ?? []) t.true(text.includes(name), name);
  }
  for (const line of text.split('\n')) t.true(line.length <= 72, line);
});

test('Help begins with the usage and groups by section, with defaults', (t) => {
  const text = renderHelp(builtinDefinitions, 80);
  t.true(text.startsWith('usage: gunicorn [OPTIONS] [APP_MODULE]\n'));
  t.true(text.indexOf('Server Socket:') < text.indexOf('Worker Processes:'));
  t.regex(text, /-t, --timeout SECONDS\n[^[]*\[default: 30\]/);
  t.false(text.includes('Server Hooks'));
  t.false(text.includes('`'));
});

test('A terminal too narrow to read gets 60 columns', (t) => {
  t.is(renderHelp(builtinDefinitions, 10), renderHelp(builtinDefinitions, 60));
});

test('A short default stays on one line', (t) => {
  t.notRegex(renderHelp(builtinDefinitions, 80), /\[default:\n/);
});

test('A flag that turns something off says what there is without it', (t) => {
  t.regex(
    renderHelp(builtinDefinitions, 110),
    /--no-autopsy +Without it: watch each worker [^]*\[sets autopsy to false\]/,
  );
});
