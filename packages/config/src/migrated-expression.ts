import type { SettingDefinition } from '@gunicorn-ts/interface';
import type { TranslatedExpression, Translation } from './python-names.ts';

/** Settings whose type is one of a few words, which a computed text is not. */
const WORDS: ReadonlySet<string> = new Set(['loglevel', 'logFormat', 'headerMap', 'proxyProtocol']);

/** The expression as the setting takes it: texts of the environment become numbers and switches. Pure. */
export function adaptExpression(
  { code, kind }: TranslatedExpression,
  { key, default: usual }: SettingDefinition,
): string {
  if (typeof usual === 'number' && kind !== 'number') return `Number(${code})`;
  if (typeof usual === 'boolean' && kind === 'text') return `/^true$/i.test(${code})`;
  if (WORDS.has(key)) return `(${code}) as ConfigInput['${key}']`;
  return code;
}

/** Declarations of what these expressions use, directly or not, each behind those that it uses itself. Pure. */
export function declarationsFor(names: readonly string[], { expressions }: Translation): readonly string[] {
  const declared = new Map<string, string>();
  const declare = (name: string): void => {
    const expression = expressions[name];
    if (expression === undefined || declared.has(name)) return;
    expression.uses.forEach(declare);
    declared.set(name, `const ${name} = ${expression.code};`);
  };
  for (const name of names) expressions[name]?.uses.forEach(declare);
  return [...declared.values()];
}
