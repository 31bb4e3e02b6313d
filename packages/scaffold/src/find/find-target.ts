import type { Project } from '../project.ts';
import type { Found } from './found.ts';
import { findNode } from './node-target.ts';
import { findPython } from './python-target.ts';

/**
 * The applications of a project, in each language at most one. None when nothing was found; two when there is one in each
 * language, and who knows which is meant. Pure.
 */
export function findTarget(project: Project): readonly Found[] {
  return [findPython(project), findNode(project)].filter((found) => found !== undefined);
}
