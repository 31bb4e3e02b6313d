import type { Project } from '../../src/project.ts';

/** A project of these files. */
export function projectOf(files: Readonly<Record<string, string | object>>): Project {
  const texts = new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      typeof text === 'string' ? text : JSON.stringify(text),
    ]),
  );
  const paths = [...texts.keys()].sort();
  const names = [...new Set(paths.map((path) => path.split('/', 1)[0] ?? path))];
  return { name: 'shop', names, paths, read: (path) => texts.get(path) ?? '' };
}
