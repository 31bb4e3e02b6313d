import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import { settingProblems } from '../../src/setting-problems.ts';

test('nothing is wrong with the defaults', (t) => {
  t.deepEqual(settingProblems(defaultSettings()), []);
});

const refused: readonly Partial<Settings>[] = [
  { limitRequestLine: 8190 },
  { limitRequestFields: 50 },
  { limitRequestFieldSize: 0 },
  { limitRequestBody: 1 },
  { permitObsoleteFolding: true },
  { stripHeaderSpaces: true },
  { permitUnconventionalHttpMethod: true },
  { permitUnconventionalHttpVersion: true },
  { casefoldHttpMethod: true },
  { headerMap: 'dangerous' },
  { forwarderHeaders: ['REMOTE_USER'] },
  { proxyProtocol: 'auto' },
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
