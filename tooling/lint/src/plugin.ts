import { fixedSleep } from './fixed-sleep.ts';
import { importWalls } from './import-walls.ts';
import { processExit } from './process-exit.ts';
import type { Rule } from './rule.ts';

/** Rules of this repository, for oxlint's `jsPlugins`. */
const plugin: { readonly meta: { readonly name: string }; readonly rules: Readonly<Record<string, Rule>> } = {
  meta: { name: 'repository' },
  rules: { 'import-walls': importWalls, 'process-exit': processExit, 'fixed-sleep': fixedSleep },
};

export default plugin;
