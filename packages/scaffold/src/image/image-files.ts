import type { ProjectFiles } from '@gunicorn-ts/interface';
import type { PlannedFile } from '../plan.ts';
import { dockerfile } from './dockerfile.ts';
import { dockerignore } from './dockerignore.ts';

const PORT = 8000;
const ADMIN_PORT = 9000;

/** Whose image is planned, and by which command. */
export interface ImageFilesOptions {
  readonly name: string;
  readonly madeBy: string;
  readonly isPython: boolean;
  /** The release of the server. */
  readonly version: string;
}

/** The image of a project whose settings lie in it: told from outside is only what a container has otherwise. */
export function imageFiles(project: ProjectFiles, options: ImageFilesOptions): readonly PlannedFile[] {
  const args = [`--bind=0.0.0.0:${PORT}`, `--admin-bind=0.0.0.0:${ADMIN_PORT}`];
  return [
    {
      path: 'Dockerfile',
      text: dockerfile({ ...options, project, args, port: PORT, adminPort: ADMIN_PORT }),
    },
    { path: '.dockerignore', text: dockerignore(options.isPython) },
  ];
}
