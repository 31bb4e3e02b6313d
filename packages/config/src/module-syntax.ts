import { compileFunction } from 'node:vm';
import { blankCommentsAndTexts } from './config-source.ts';

/** What V8 says of an ES module that is compiled as the body of a function. */
const ONLY_IN_MODULES =
  /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid in async functions/;

/** `import` and `export` as statements: neither a call, nor `import.meta`'s name on its own, nor a key. */
const STATEMENT = /(?<![\w$.])(?:(?:import|export)(?![\w$])(?!\s*[(:.=,;)\]}])|import\s*\.\s*meta\b)/;

/**
 * Whether a text is an ES module, wherever in its lines that shows: V8 is asked, and for what is no JavaScript, since
 * it has types, the words decide.
 */
export function hasModuleSyntax(source: string): boolean {
  const text = source.replace(/^\uFEFF?(?:#![^\n]*)?/, '');
  try {
    compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']);
    return false;
  } catch (error) {
    if (error instanceof SyntaxError && ONLY_IN_MODULES.test(error.message)) return true;
    return STATEMENT.test(blankCommentsAndTexts(text));
  }
}
