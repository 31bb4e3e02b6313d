import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loggingConfigUnusable } from '../errors.ts';
import { dictOfIni } from './ini.ts';
import type { Literal } from './literal.ts';
import { DICT_DEFAULTS, type LoggingPlan, planLogging } from './plan.ts';

/** The settings that configure Python's `logging`; paths are absolute. */
export interface LoggingConfigSettings {
  readonly logConfig?: string | undefined;
  readonly logConfigJson?: string | undefined;
  readonly logConfigDict?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * What they say of the server's own two loggers; the first that is set counts alone, as in Gunicorn. `undefined` when
 * none is.
 * @throws {OperatorError} `ERR_LOG_CONFIG`
 */
export function readLoggingConfig({
  logConfig,
  logConfigJson,
  logConfigDict,
}: LoggingConfigSettings): LoggingPlan | undefined {
  if (logConfigDict !== undefined)
    return attempt('logConfigDict', () =>
      planLogging({ ...DICT_DEFAULTS, ...(logConfigDict as Record<string, Literal>) }),
    );
  if (logConfigJson !== undefined) {
    return attempt(`logConfigJson '${logConfigJson}'`, () => {
      return planLogging({ ...DICT_DEFAULTS, ...readJson(readFileSync(logConfigJson, 'utf8')) });
    });
  }
  if (logConfig === undefined) return undefined;
  return attempt(`logConfig '${logConfig}'`, () => {
    const defaults = { here: dirname(logConfig), __file__: logConfig };
    return planLogging(dictOfIni(readFileSync(logConfig, 'utf8'), defaults));
  });
}

function readJson(text: string): Record<string, Literal> {
  try {
    return JSON.parse(text) as Record<string, Literal>;
  } catch (error) {
    throw new SyntaxError(`is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function attempt(what: string, plan: () => LoggingPlan): LoggingPlan {
  try {
    return plan();
  } catch (error) {
    throw loggingConfigUnusable(what, error as Error);
  }
}

/** The settings by name, of which one is set. */
export function givenLoggingConfig(settings: LoggingConfigSettings): keyof LoggingConfigSettings | undefined {
  return (['logConfigDict', 'logConfigJson', 'logConfig'] as const).find(
    (key) => settings[key] !== undefined,
  );
}
