import type { Template } from '../template.ts';
import { NODE_TEMPLATES } from './node.ts';
import { PYTHON_TEMPLATES } from './python.ts';

/** Every kind of new project, in the order in which they are offered. */
export const TEMPLATES: readonly Template[] = [...NODE_TEMPLATES, ...PYTHON_TEMPLATES];
