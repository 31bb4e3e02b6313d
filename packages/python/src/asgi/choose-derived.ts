import type { ConfigInput, Settings } from '@gunicorn-ts/interface';
import { readDerivedClass } from './derived-class.ts';
import { isAsgiClass } from './worker-class.ts';

/** What a worker class in Python means that is derived from one of uvicorn, or from Gunicorn's for ASGI. */
export function chooseDerived(
  { workerClass, pythonpath = [] }: Partial<Settings> & { readonly pythonpath?: readonly string[] },
  folder: string,
): { readonly workerClass: string; readonly because: string; readonly settings: ConfigInput } | undefined {
  if (workerClass === undefined || isAsgiClass(workerClass)) return undefined;
  const derived = readDerivedClass(workerClass, [...pythonpath, folder]);
  if (derived === undefined) return undefined;
  const { base, settings, unknown } = derived;
  const taken = Object.keys(settings);
  const because = [
    `${workerClass} is derived from ${base}, which is what serves: the class itself does not run`,
    ...(taken.length === 0 ? [] : [`taken from its CONFIG_KWARGS: ${taken.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`of no effect there: ${unknown.join(', ')}`]),
  ].join('; ');
  return { workerClass: base, because, settings: { ...settings, workerClass: base } };
}
