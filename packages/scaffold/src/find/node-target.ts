import type { Project } from '../project.ts';
import type { CarriedSetting } from '../template.ts';
import { isEcosystem, readEcosystem } from './ecosystem.ts';
import type { Found } from './found.ts';

const FRAMEWORKS: readonly (readonly [dependency: string, name: string])[] = [
  ['@nestjs/core', 'Nest'],
  ['express', 'Express'],
  ['fastify', 'Fastify'],
  ['koa', 'Koa'],
  ['hono', 'Hono'],
  ['h3', 'h3'],
  ['@hapi/hapi', 'hapi'],
  ['restify', 'Restify'],
];

const FOLDERS = ['', 'src/', 'server/', 'dist/', 'build/'];
const NAMES = ['app', 'server', 'main', 'index'];
const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs'];

interface Manifest {
  readonly main?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The application of a Node.js project. */
export function findNode(project: Project): Found | undefined {
  const manifest = manifestOf(project);
  const dependencies = Object.keys(manifest?.dependencies ?? {});
  const framework = FRAMEWORKS.find(([dependency]) => dependencies.includes(dependency))?.[1];
  const place =
    managed(manifest, project) ?? started(manifest, project) ?? usual(project, framework !== undefined);
  if (place === undefined) return undefined;
  const { carried = [], notes = [] } = place;
  const application = {
    target: `./${place.path}`,
    language: 'node',
    style: 'node',
    ...(carried.length > 0 && { carried }),
  } as const;
  return { application, framework: framework ?? 'an application', by: place.by, notes };
}

function manifestOf({ paths, read }: Project): Manifest | undefined {
  if (!paths.includes('package.json')) return undefined;
  try {
    return JSON.parse(read('package.json')) as Manifest;
  } catch {
    return undefined;
  }
}

interface Place {
  readonly path: string;
  readonly by: string;
  readonly carried?: readonly CarriedSetting[];
  readonly notes?: readonly string[];
}

/** What PM2's file starts: the one that a script names, or the one that is there. */
function managed(manifest: Manifest | undefined, { paths, read }: Project): Place | undefined {
  const scripts = Object.values(manifest?.scripts ?? {}).join(' ');
  const files = paths.filter(isEcosystem);
  const file =
    files.find((path) => scripts.includes(path)) ?? files.find((path) => path.startsWith('ecosystem'));
  const found = file === undefined ? undefined : readEcosystem(read(file));
  const path = found === undefined ? undefined : fileAt(found.script, paths);
  if (path === undefined || found === undefined || file === undefined) return undefined;
  return { path, by: file, carried: found.settings, notes: found.left.map((one) => `${file}: ${one}`) };
}

/** What the scripts start, and what the package is entered by. */
function started(manifest: Manifest | undefined, { paths }: Project): Place | undefined {
  for (const name of ['start:prod', 'start', 'serve', 'dev']) {
    const path = fileIn(manifest?.scripts?.[name] ?? '', paths);
    if (path !== undefined) return { path, by: `"${name}" in package.json` };
  }
  const main = fileAt(manifest?.main ?? '', paths);
  return main === undefined ? undefined : { path: main, by: '"main" in package.json' };
}

/** The first word of a command that is a file behind a program that runs such files: `node --enable-source-maps dist/server.js`. */
function fileIn(command: string, paths: readonly string[]): string | undefined {
  const words = command.split(/\s+/);
  const program = words.findIndex((word) =>
    /^(?:node|nodemon|tsx|ts-node|ts-node-dev|bun|pm2|forever)$/.test(word),
  );
  if (program === -1) return undefined;
  for (const word of words.slice(program + 1)) {
    const path = fileAt(word, paths);
    if (path !== undefined && !isEcosystem(path)) return path;
  }
  return undefined;
}

/** A file by its name with or without `./` and extension. */
function fileAt(word: string, paths: readonly string[]): string | undefined {
  const name = word.replace(/^\.\//, '').replace(/^['"]|['"]$/g, '');
  if (name === '') return undefined;
  return [
    name,
    ...EXTENSIONS.flatMap((extension) => [`${name}.${extension}`, `${name}/index.${extension}`]),
  ].find((path) => paths.includes(path) && EXTENSIONS.some((extension) => path.endsWith(`.${extension}`)));
}

/** A file of a usual name that serves: it exports something, or listens. */
function usual({ paths, read }: Project, hasFramework: boolean): Place | undefined {
  for (const folder of FOLDERS) {
    for (const name of NAMES) {
      for (const extension of EXTENSIONS) {
        const path = `${folder}${name}.${extension}`;
        if (!paths.includes(path)) continue;
        if (hasFramework || serves(read(path))) return { path, by: path };
      }
    }
  }
  return undefined;
}

function serves(text: string): boolean {
  return /^export default|^module\.exports\s*=|\.listen\(|\bcreateServer\(|^export (?:const|function|async function) (?:app|fetch|handler)\b/m.test(
    text,
  );
}
