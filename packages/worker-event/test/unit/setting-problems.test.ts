import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import { settingProblems } from '../../src/setting-problems.ts';

test('nothing is wrong with the defaults', (t) => {
  t.deepEqual(settingProblems(defaultSettings()), []);
});

const refused: readonly Partial<Settings>[] = [
  { permitObsoleteFolding: true },
  { stripHeaderSpaces: true },
  { permitUnconventionalHttpMethod: true },
  { permitUnconventionalHttpVersion: true },
  { casefoldHttpMethod: true },
];

for (const settings of refused) {
  test(`${JSON.stringify(settings)} is refused`, (t) => {
    const problems = settingProblems({ ...defaultSettings(), ...settings });
    t.deepEqual(
      problems.map(({ setting }) => setting),
      Object.keys(settings),
    );
  });
}
