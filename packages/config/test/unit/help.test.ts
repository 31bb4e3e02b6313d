import test from 'ava';
import { renderHelp } from '../../src/help.ts';
import { builtinDefinitions } from '../../src/registry.ts';
import { renderSettingsPage } from '../../src/settings-page.ts';

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

test('The reference page has an entry for every setting and hook', (t) => {
  const page = renderSettingsPage();
  for (const { key, isFunction } of builtinDefinitions) {
    t.true(page.includes(isFunction === true ? `| \`${key}\` |` : `### ${key}\n`), key);
  }
});
