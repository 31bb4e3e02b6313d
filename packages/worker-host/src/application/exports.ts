import type { ApplicationKind } from '@gunicorn-ts/interface';
import { applicationError } from '../errors.ts';
import { describeValue, recogniseApplication, type Recognition } from './recognise.ts';
import type { Target } from './target.ts';

/** What `import()` gave. */
export type Namespace = Readonly<Record<string, unknown>>;

type Found = Extract<Recognition, { found: true }>;

/** Exports that are tried, in this order, when the target names none. */
export const EXPORT_NAMES = ['default', 'app', 'application', 'handler', 'fetch', 'server'] as const;

/**
 * The application under the name that the target asks for; a factory is called.
 *
 * @throws OperatorError with exit code 4 when it is missing or cannot be served.
 */
export async function namedExport(
  namespace: Namespace,
  target: Target,
  kind: ApplicationKind | undefined,
): Promise<Found> {
  const name = target.exportName ?? 'default';
  const exported = memberOf(namespace, name);
  if (exported === undefined) {
    throw applicationError(
      'ERR_APP_EXPORT_NOT_FOUND',
      `app: ${target.module} has no export "${name}"; it has: ${exportNames(namespace).join(', ') || 'none'}`,
    );
  }
  const value = await (target.arguments === undefined ? exported : callFactory(exported, target));
  const recognition = recogniseApplication(value, kind);
  if (recognition.found) return recognition;
  const what = target.arguments === undefined ? `"${name}"` : `what "${name}" returned`;
  throw applicationError(
    'ERR_APP_NOT_RECOGNISED',
    `app: ${what} in ${target.module} is no application: it is ${recognition.shape}`,
  );
}

function callFactory(exported: unknown, target: Target): unknown {
  if (typeof exported === 'function') {
    return (exported as (...parameters: readonly unknown[]) => unknown)(...(target.arguments ?? []));
  }
  throw applicationError(
    'ERR_APP_NOT_RECOGNISED',
    `app: "${target.exportName}" in ${target.module} cannot be called: it is ${describeValue(exported)}`,
  );
}

/** The first of {@link EXPORT_NAMES} that is an application; else what was found instead. */
export async function usableExport(
  namespace: Namespace,
  kind: ApplicationKind | undefined,
): Promise<(Found & { readonly exportName: string }) | { readonly found: false; readonly shape: string }> {
  const shapes: string[] = [];
  for (const exportName of EXPORT_NAMES) {
    const exported = memberOf(namespace, exportName);
    if (exported === undefined) continue;
    const recognition = recogniseApplication(await exported, kind);
    if (recognition.found) return { ...recognition, exportName };
    shapes.push(`${exportName} is ${recognition.shape}`);
  }
  if (shapes.length > 0) return { found: false, shape: shapes.join('; ') };
  return { found: false, shape: describeOthers(namespace) };
}

function describeOthers(namespace: Namespace): string {
  const names = exportNames(namespace);
  if (names.length === 0) return 'it exports nothing';
  const factory = names.find((name) => typeof memberOf(namespace, name) === 'function');
  const hint = factory === undefined ? '' : ` (to call ${factory}, write MODULE:${factory}())`;
  return `it exports ${names.join(', ')}${hint}`;
}

/** Named exports first; those of a CommonJS module that Node could not foresee hang on `default`. */
function memberOf(namespace: Namespace, name: string): unknown {
  const defaultExport = namespace['default'];
  const inner = isRecord(defaultExport) ? defaultExport : {};
  // CommonJS made from an ES module: the real default is one step deeper.
  if (name === 'default') return inner['__esModule'] === true ? inner['default'] : defaultExport;
  return namespace[name] ?? inner[name];
}

function exportNames(namespace: Namespace): readonly string[] {
  const inner = isRecord(namespace['default']) ? Object.keys(namespace['default']) : [];
  const names = new Set([...Object.keys(namespace), ...inner]);
  names.delete('module.exports');
  names.delete('__esModule');
  return [...names];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
