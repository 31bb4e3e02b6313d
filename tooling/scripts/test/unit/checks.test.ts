import test from 'ava';
import { anchorOf } from '../../src/checks/links.ts';
import { bans } from '../../src/checks/words.ts';
import { lineAt, renderFinding } from '../../src/finding.ts';

function bannedIn(text: string): readonly string[] {
  return bans('/data/checkout').flatMap(({ pattern }) => text.match(pattern) ?? []);
}

test('folders of this machine are found, and names that only resemble them are not', (t) => {
  t.deepEqual(bannedIn('see /data/checkout/src and /data/notes.md'), ['/data/checkout', '/data']);
  t.deepEqual(bannedIn('see ./data/x, a/data/x and /data-set/x'), []);
});

test('what is left for later is found, and a word that holds it is not', (t) => {
  const marker = ['TO', 'DO'].join('');
  t.deepEqual(bannedIn(`// ${marker}: later`), [marker]);
  t.deepEqual(bannedIn('mastodons'), []);
});

test('a heading has the anchor that GitHub gives it', (t) => {
  t.is(anchorOf('To add a worker class'), 'to-add-a-worker-class');
  t.is(anchorOf('`bind`, and more'), 'bind-and-more');
});

test('a finding says where, what, and what to do', (t) => {
  const where = `a.md:${lineAt('one\ntwo\n', 5)}`;
  t.is(renderFinding({ where, what: 'is wrong', cure: 'mend it' }), 'a.md:2: is wrong; mend it');
});
