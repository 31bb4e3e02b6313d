import type { Project } from '../../src/project.ts';

/** A project of these files. */
export function projectOf(files: Readonly<Record<string, string | object>>): Project {
  const texts = new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      typeof text === 'string' ? text : JSON.stringify(text),
    ]),
  );
  return { paths: [...texts.keys()].sort(), read: (path) => texts.get(path) ?? '' };
}
