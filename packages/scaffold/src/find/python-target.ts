import type { Project } from '../project.ts';
import type { Found } from './found.ts';

const FRAMEWORKS: readonly { readonly name: string; readonly style: 'wsgi' | 'asgi' }[] = [
  { name: 'FastAPI', style: 'asgi' },
  { name: 'Starlette', style: 'asgi' },
  { name: 'Quart', style: 'asgi' },
  { name: 'Litestar', style: 'asgi' },
  { name: 'Flask', style: 'wsgi' },
  { name: 'Bottle', style: 'wsgi' },
];

/** Files that hold an application oftener than others, before these. */
const USUAL = ['app', 'main', 'wsgi', 'asgi', 'server', 'application', '__init__'];

/** The application of a Python project. */
export function findPython(project: Project): Found | undefined {
  return findDjango(project) ?? findAssigned(project);
}

function findDjango({ paths, read }: Project): Found | undefined {
  const manage = paths.find((path) => path === 'manage.py');
  if (manage === undefined) return undefined;
  const settings = /DJANGO_SETTINGS_MODULE["'],\s*["'](?<module>[\w.]+)["']/.exec(read(manage))?.groups?.[
    'module'
  ];
  const root = settings?.split('.')[0];
  const doors = paths.filter((path) => /^[\w/]+\/(?:wsgi|asgi)\.py$/.test(path));
  // Channels needs ASGI, and says so in the settings; a project has both files since Django 3.
  const settingsText = settings === undefined ? '' : read(`${settings.replaceAll('.', '/')}.py`);
  const style = /^ASGI_APPLICATION\s*=/m.test(settingsText) ? 'asgi' : 'wsgi';
  const wanted = doors.find((path) => path === `${root}/${style}.py`);
  const door = wanted ?? doors.find((path) => path.startsWith(`${root}/`)) ?? doors[0];
  if (door === undefined) return undefined;
  return {
    application: {
      target: `${moduleOf(door)}:application`,
      language: 'python',
      style: door.endsWith('asgi.py') ? 'asgi' : 'wsgi',
    },
    framework: 'Django',
    by: 'manage.py',
  };
}

function findAssigned({ paths, read }: Project): Found | undefined {
  const files = paths
    .filter(
      (path) =>
        path.endsWith('.py') &&
        !/(?:^|\/)(?:tests?|docs|examples|migrations)\/|(?:^|\/)(?:test_|conftest|setup)/.test(path),
    )
    .sort((one, other) => rankOf(one) - rankOf(other));
  for (const path of files) {
    const text = read(path);
    for (const { name, style } of FRAMEWORKS) {
      if (!text.includes(name)) continue;
      const made = new RegExp(
        `^(?<app>[A-Za-z_]\\w*)(?:\\s*:[^=\\n]+)?\\s*=\\s*(?:\\w+\\.)?${name}\\(`,
        'm',
      ).exec(text);
      const factory = /^def (?<app>create_app|make_app|get_app)\(\s*(?:\)|\w+[^,)]*=)/m.exec(text);
      const app = made?.groups?.['app'] ?? (factory === null ? undefined : `${factory.groups?.['app']}()`);
      if (app === undefined) continue;
      const application = { target: `${moduleOf(path)}:${app}`, language: 'python', style } as const;
      return { application, framework: name, by: path };
    }
  }
  return undefined;
}

/** Files near the root go first, among them those with usual names. */
function rankOf(path: string): number {
  const parts = path.split('/');
  const usual = USUAL.indexOf((parts.at(-1) ?? '').replace(/\.py$/, ''));
  return parts.length * 100 + (usual === -1 ? USUAL.length : usual);
}

function moduleOf(path: string): string {
  return path
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .replaceAll('/', '.');
}
