import { imageFiles } from './image/image-files.ts';
import { PACKAGE_MANAGERS, type PackageManagerName } from './package-manager.ts';
import type { Plan, PlannedFile } from './plan.ts';
import { settingsFile } from './settings-file.ts';
import type { Template } from './template.ts';

/** What a new project is made with. */
export interface CreateOptions {
  /** The folder, as it was typed: `.`, `my-app`. */
  readonly folder: string;
  /** Of the package: `my-app`. */
  readonly name: string;
  /** The release of the server that it asks for. */
  readonly version: string;
  readonly manager: PackageManagerName;
}

/** A new project of this kind, for an empty folder. Pure. */
export function planCreate(template: Template, options: CreateOptions): Plan {
  const { folder, name, manager, version } = options;
  const tool = PACKAGE_MANAGERS[manager];
  const isPython = template.application.language === 'python';
  const own = Object.entries(template.files).map(([path, text]): PlannedFile => ({ path, text }));
  const python: readonly PlannedFile[] = isPython
    ? [{ path: 'requirements.txt', text: `${template.requirements.join('\n')}\n` }]
    : [{ path: 'tsconfig.json', text: TSCONFIG }];
  const files: readonly PlannedFile[] = [
    ...own,
    ...python,
    settingsFile(template.application),
    { path: 'package.json', text: manifest(template, options) },
    { path: '.gitignore', text: isPython ? 'node_modules\n.venv\n__pycache__\n' : 'node_modules\n' },
    ...(manager === 'yarn' ? [{ path: '.yarnrc.yml', text: 'nodeLinker: node-modules\n' }] : []),
  ];
  const project = {
    // The first installation writes the lock file, before an image is built.
    names: [...files.map(({ path }) => path), tool.lockfile],
    texts: Object.fromEntries(files.map(({ path, text }) => [path, text])),
  };
  const enter = folder === '.' ? [] : [`cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`}`];
  const environment = isPython
    ? ['python3 -m venv .venv && . .venv/bin/activate', 'pip install -r requirements.txt']
    : [];
  return {
    files: [...files, ...imageFiles(project, { name, madeBy: 'npm create gunicorn-ts', isPython, version })],
    next: [...enter, ...environment, tool.install, `${tool.run} dev`],
  };
}

/** Node.js leaves types out and compiles nothing: what it would refuse is to be seen in the editor. */
const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "types": ["node"]
  }
}
`;

function manifest({ application, dependencies, devDependencies }: Template, options: CreateOptions): string {
  const server = { 'gunicorn-ts': `^${options.version}` };
  const python = application.language === 'python' ? { '@gunicorn-ts/python': `^${options.version}` } : {};
  const content = {
    name: options.name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: { start: 'gunicorn', dev: 'gunicorn --reload' },
    dependencies: { ...python, ...dependencies, ...server },
    ...(Object.keys(devDependencies).length > 0 && { devDependencies }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
