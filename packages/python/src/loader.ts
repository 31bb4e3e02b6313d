import type { Loader, Settings, TargetContext } from '@gunicorn-ts/interface';
import { chooseDerived } from './asgi/choose-derived.ts';
import type { InterpreterPlace } from './interpreter.ts';
import type { ConfigMaster } from './read-config.ts';
import { asksForLoggers, pythonDefinitions, type PythonSettings, pythonSettings } from './settings.ts';

/** Loads WSGI and ASGI applications written in Python: a Python process for each worker, which serves its requests. */
export const loader: Loader = {
  name: 'python',
  interfaceVersion: 1,
  settings: pythonDefinitions,

  chooseWorkerClass(settings, folder) {
    const derived = chooseDerived(settings, folder);
    if (derived !== undefined) return derived;
    const { threads = 1, processes = 1, workerClass } = settings as Partial<PythonSettings & Settings>;
    if (workerClass !== 'sync') return undefined;
    if (threads <= 1 && processes > 1) {
      return {
        workerClass: 'event',
        because: `processes is ${processes}: the worker class is event, which hands each process one request at a time`,
      };
    }
    if (threads <= 1) return undefined;
    return {
      workerClass: 'gthread',
      because: `threads is ${threads}: the worker class is gthread, since sync serves one request at a time`,
    };
  },

  mayTakeEntries(settings, configProcess) {
    return asksForLoggers(settings) || (configProcess as ConfigMaster | undefined)?.takesEntries === true;
  },

  async recognise(target, context) {
    const { recognise } = await import('./arbiter-side.ts');
    const { pythonpath } = pythonSettings(context.settings);
    return recognise(target, { ...placeOf(context), pythonpath, configProcess: context.configProcess });
  },

  async prepare(target, context) {
    const { prepareMaster, findInterpreter } = await import('./arbiter-side.ts');
    return prepareMaster(target, context, findInterpreter(placeOf(context)));
  },

  // What serves requests is not for the arbiter, which loads this as well.
  async load(target, context) {
    const { loadProcess } = await import('./load-process.ts');
    return loadProcess(target, context);
  },
};

function placeOf({ cwd, env, settings }: TargetContext): InterpreterPlace {
  return { cwd, env, interpreter: pythonSettings(settings).python };
}
