import test from 'ava';
import { type Installed, installationProblems, licenceProblems, weightOf } from '../../src/installed.ts';

function installed(name: string, more: Partial<Installed> = {}): Installed {
  return { name, version: '1.0.0', license: 'MIT', bytes: 1_000_000, ...more };
}

const asked = { packages: ['a', 'b'], megabytes: 3 };

test('an installation that brings what was asked for is fine, with the binary of its platform', (t) => {
  const found = [installed('a'), installed('b'), installed('@koromix/koffi-linux-x64')];
  t.deepEqual(installationProblems(found, asked), []);
  t.is(weightOf(found), 3);
});

test('what nobody asked for is named, and what is missing, and what weighs too much', (t) => {
  const found = [installed('a'), installed('left-pad', { bytes: 2_500_000 })];
  t.deepEqual(installationProblems(found, asked), [
    'brings left-pad, which nobody asked for',
    'does not bring b',
    'weighs 3.5 MB, more than the 3 that are allowed',
  ]);
});

test('binaries of two platforms are one too many', (t) => {
  const found = ['a', 'b', '@koromix/koffi-linux-x64', '@koromix/koffi-darwin-x64'].map((name) =>
    installed(name, { bytes: 1 }),
  );
  t.deepEqual(installationProblems(found, asked), ['brings binaries of 2 platforms']);
});

test('a licence that asks for more than a notice is named, and one that is missing', (t) => {
  const found = [installed('a'), installed('b', { license: 'GPL-3.0' }), installed('c', { license: 'none' })];
  t.deepEqual(licenceProblems(found), ['b has the licence GPL-3.0', 'c has the licence none']);
});
