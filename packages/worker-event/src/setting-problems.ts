import type { Problem, SettingKey, Settings } from '@gunicorn-ts/interface';

/** What Node's parser decides by itself, and cannot be told to do otherwise without becoming lax in all else. */
const ONLY_SYNC: readonly SettingKey[] = [
  'permitObsoleteFolding',
  'stripHeaderSpaces',
  'permitUnconventionalHttpMethod',
  'permitUnconventionalHttpVersion',
  'casefoldHttpMethod',
];

/** What the event worker cannot honour. Does no I/O: it runs in the arbiter at every load. */
export function settingProblems(settings: Readonly<Settings>): readonly Problem[] {
  return ONLY_SYNC.filter((key) => settings[key] === true).map((setting) => ({
    setting,
    message: `cannot be honoured by the event worker: Node's parser reads its requests, and refuses such`,
    cure: 'remove it, or write workerClass: "sync"',
  }));
}
