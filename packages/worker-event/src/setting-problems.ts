import { isDeepStrictEqual } from 'node:util';
import type { Problem, SettingKey, Settings } from '@gunicorn-ts/interface';

/** Rules of Gunicorn's parser that Node's does not have; each with the value that asks for nothing. */
const ONLY_SYNC: readonly (readonly [SettingKey, unknown])[] = [
  ['limitRequestLine', 4094],
  ['limitRequestFields', 100],
  ['limitRequestFieldSize', 8190],
  ['limitRequestBody', 0],
  ['permitObsoleteFolding', false],
  ['stripHeaderSpaces', false],
  ['permitUnconventionalHttpMethod', false],
  ['permitUnconventionalHttpVersion', false],
  ['casefoldHttpMethod', false],
  ['headerMap', 'drop'],
  ['forwarderHeaders', ['SCRIPT_NAME', 'PATH_INFO']],
  ['proxyProtocol', 'off'],
];

/** What the event worker cannot honour. Does no I/O: it runs in the arbiter at every load. */
export function settingProblems(settings: Readonly<Settings>): readonly Problem[] {
  return ONLY_SYNC.filter(([key, asksNothing]) => !isDeepStrictEqual(settings[key], asksNothing)).map(
    ([setting]) => ({
      setting,
      message: `is a rule for requests that the event worker cannot keep, since Node's parser reads them`,
      cure: 'remove it, or write workerClass: "sync"',
    }),
  );
}
