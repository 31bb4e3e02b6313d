import type { Problem, SettingDefinition } from '@gunicorn-ts/interface';
import { type AbsentSetting, findAbsent } from './gunicorn-settings.ts';
import { nearest } from './suggestion.ts';

const camelCase = (name: string): string =>
  name.replaceAll(/[-_]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

const snakeCase = (name: string): string =>
  name.replaceAll('-', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Explains a key of the configuration file that is no setting. */
export function explainUnknownKey(key: string, definitions: readonly SettingDefinition[]): Problem {
  const keys = new Set(definitions.map((definition) => definition.key));
  const camel = key === 'wsgi_app' ? 'app' : camelCase(key);
  if (camel !== key && keys.has(camel))
    return { setting: key, message: "is Gunicorn's name", cure: `write ${camel}` };
  const absent = findAbsent(snakeCase(key));
  if (absent !== undefined) return absentProblem(key, absent);
  const byFlag = definitions.find((definition) =>
    definition.flag?.names.some((name) => camelCase(name.slice(2)) === camel),
  );
  if (byFlag !== undefined)
    return { setting: key, message: 'is the name of a flag', cure: `write ${byFlag.key}` };
  const near = nearest(key, keys);
  return {
    setting: key,
    message: 'is not a setting',
    cure:
      near === undefined ? 'remove it, or see gunicorn --help for what there is' : `did you mean ${near}?`,
  };
}

/** Explains a flag that nobody defines. */
export function explainUnknownFlag(spelling: string, names: readonly string[]): Problem {
  const doubled = names.find((name) => name === `-${spelling}`);
  const near = doubled ?? (spelling.length > 2 ? nearest(spelling, names) : undefined);
  return {
    message: `${spelling} is not an option`,
    cure: near === undefined ? 'gunicorn --help shows what there is' : `did you mean ${near}?`,
  };
}

function absentProblem(name: string, { because, refusal = 'remove it' }: AbsentSetting): Problem {
  return {
    message: `${name} is a setting of Gunicorn that does not exist here: ${because}`,
    cure: refusal,
  };
}
