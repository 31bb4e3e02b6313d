import type {
  Application,
  ApplicationKind,
  Loader,
  LoaderContext,
  TargetContext,
} from '@gunicorn-ts/interface';
import { applicationError } from '../errors.ts';
import { javascriptLoader } from './javascript-loader.ts';
import { pythonFile } from './python-file.ts';

/** In what order loaders are asked. */
type Loaders = Iterable<Loader> | AsyncIterable<Loader>;

/**
 * Brings in the application that `settings.app` names, by the first loader that recognises it, or by the one that was
 * chosen before.
 *
 * @throws OperatorError with exit code 4 when nothing is found; what the application throws passes through.
 */
export async function loadApplication(
  context: LoaderContext,
  loaders: Loaders = [javascriptLoader],
  chosen?: string,
): Promise<Application> {
  const target = targetOf(context);
  if (chosen !== undefined)
    for await (const loader of loaders) if (loader.name === chosen) return await loader.load(target, context);
  return loadBy(await loaderOf(context, loaders), target, context);
}

/**
 * The first loader that recognises the application that `settings.app` names. Runs nothing of it.
 *
 * @throws OperatorError with exit code 4 when nothing is found.
 */
export async function loaderOf(context: TargetContext, loaders: Loaders): Promise<Loader> {
  const target = targetOf(context);
  const looked: string[] = [];
  const asked: string[] = [];
  for await (const loader of loaders) {
    const recognition = await loader.recognise(target, context);
    if (recognition.found) return loader;
    asked.push(loader.name);
    looked.push(...recognition.looked);
  }
  const file = pythonFile(target, context.cwd);
  if (file !== undefined && !asked.includes('python')) {
    throw applicationError(
      'ERR_APP_NEEDS_PYTHON',
      `app: "${target}" is Python (${file}), which needs the package @gunicorn-ts/python; install it: npm install @gunicorn-ts/python`,
    );
  }
  throw applicationError(
    'ERR_APP_NOT_FOUND',
    `app: cannot find "${target}"; looked for:\n${looked.map((line) => `  ${line}`).join('\n')}`,
  );
}

function targetOf({ settings }: TargetContext): string {
  if (settings.app !== undefined && settings.app !== '') return settings.app;
  throw applicationError(
    'ERR_APP_TARGET_MISSING',
    'app: there is no application to serve; name one on the command line (gunicorn app.ts) or as app in gunicorn.conf.ts',
  );
}

/** A failure of one that was chosen among two names the other, which may be the one that was meant. */
async function loadBy(loader: Loader, target: string, context: LoaderContext): Promise<Application> {
  try {
    return await loader.load(target, context);
  } catch (error) {
    const other = loader.name === 'python' ? undefined : pythonFile(target, context.cwd);
    if (other !== undefined) {
      context.log.warning(
        `"${target}" was taken for JavaScript, which wins where both are there; for Python write ${inPython(target, other)}`,
      );
    }
    throw error;
  }
}

/** The target that names the file itself: `app.py:app`. */
function inPython(target: string, file: string): string {
  const colon = target.indexOf(':');
  return colon === -1 ? file : file + target.slice(colon);
}

/**
 * Refuses an application that the worker class cannot serve.
 *
 * @throws OperatorError `ERR_APP_KIND_NOT_SERVED` with exit code 4.
 */
export function checkServed(
  application: Application,
  workerClass: { readonly name: string; readonly serves: { readonly kinds: readonly ApplicationKind[] } },
): void {
  const { kinds } = workerClass.serves;
  if (kinds.includes(application.kind)) return;
  throw applicationError(
    'ERR_APP_KIND_NOT_SERVED',
    `app: the application looks like kind "${application.kind}", and the worker class "${workerClass.name}" serves ` +
      `${kinds.join(', ')}; choose another workerClass, or set applicationKind when the guess is wrong`,
  );
}
