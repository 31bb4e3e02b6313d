import { builtinDefinitions } from '@gunicorn-ts/config';
import { HOOK_SIDE } from '@gunicorn-ts/interface';
import test from 'ava';
import { errorsIn } from '../../src/pages/errors-page.ts';
import { hooksIn, renderHooksPage } from '../../src/pages/hooks-page.ts';
import { commentText, sentence, table } from '../../src/pages/page.ts';
import { renderSettingsPage } from '../../src/pages/settings-page.ts';

test('a comment becomes one line, its links code', (t) => {
  t.is(commentText('/**\n * See {@link Application}\n * and read.\n */'), 'See `Application` and read.');
});

test('a fragment becomes a sentence', (t) => {
  t.is(sentence('the port is taken'), 'The port is taken.');
  t.is(sentence('Is it?'), 'Is it?');
});

test('a bar in a cell does not end it', (t) => {
  t.is(table(['a', 'b'], [['x|y', 'z']]), '| a | b |\n| --- | --- |\n| x\\|y | z |');
});

test('a code takes its meaning from the nearest comment, or from what stands beside it', (t) => {
  const source = `
/** The port is taken. */
export const taken = () => new OperatorError('ERR_TAKEN', 'x');
/** \`ERR_GONE\`, exit code 1: it went away. */
class Gone { constructor() { super('ERR_GONE'); } }
const FAULTS = { ERR_STATUS: 'a bad status' };
`;
  t.deepEqual(errorsIn(source), [
    { code: 'ERR_TAKEN', meaning: 'The port is taken.' },
    { code: 'ERR_GONE', meaning: 'it went away.' },
    { code: 'ERR_STATUS', meaning: 'a bad status' },
  ]);
});

test('hooks are read with their parameters and the moment of the call', (t) => {
  const source = `
export interface Hooks {
  /** Arbiter: a worker is about to be started. */
  preFork?(server: ArbiterFacade, worker: WorkerInfo): MaybePromise<void>;
  /** Worker: it changes the options. */
  sslContext?(
    settings: Readonly<Settings>,
    options: Options,
  ): Options;
}
`;
  t.deepEqual(
    [...hooksIn(source).values()],
    [
      { signature: 'preFork(server, worker)', moment: 'A worker is about to be started.' },
      { signature: 'sslContext(settings, options)', moment: 'It changes the options.' },
    ],
  );
});

test('every setting and every hook has an entry on its page', (t) => {
  const settings = renderSettingsPage();
  for (const { key, isFunction } of builtinDefinitions) {
    if (isFunction !== true) t.true(settings.includes(`\n### ${key}\n`), key);
  }
  const hooks = renderHooksPage();
  for (const hook of Object.keys(HOOK_SIDE)) t.true(hooks.includes(`| \`${hook}(`), hook);
});
