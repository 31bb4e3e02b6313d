import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** After these nothing is served here, or by an interpreter that is not known yet. */
const OTHERWISE = /^(?:-D|--daemon|-v|--version|-h|--help|--python(?:=.*)?)$/;
const FOLDER_FLAG = /^--(?:chdir|pythonpath)(?:=(?<value>.*))?$/;
const JAVASCRIPT = /\.[cm]?[jt]s$/;

/** Whether a word names a module, or a file in Python, that is there. A guess: what is wrong costs time and no more. */
export function looksLikePython(argv: readonly string[], cwd: string): boolean {
  if (argv.some((word) => OTHERWISE.test(word))) return false;
  const folders = [cwd, ...argv.flatMap((word, index) => foldersOf(word, argv[index + 1]))];
  const isThere = (name: string): boolean => folders.some((folder) => existsSync(resolve(cwd, folder, name)));
  if (isThere('gunicorn.conf.py')) return true;
  return argv.some((word) => {
    const [module = ''] = word.split(':', 1);
    if (module.endsWith('.py')) return isThere(module);
    const [top = ''] = module.split('.', 1);
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(top) || JAVASCRIPT.test(module)) return false;
    return isThere(`${top}.py`) || isThere(join(top, '__init__.py'));
  });
}

function foldersOf(word: string, next: string | undefined): readonly string[] {
  const found = FOLDER_FLAG.exec(word);
  if (found === null) return [];
  return (found.groups?.['value'] ?? next ?? '').split(',').filter((folder) => folder !== '');
}
