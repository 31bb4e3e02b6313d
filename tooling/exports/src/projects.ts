/** A project whose exports are looked at: files, and what stands behind `gunicorn export KIND`. */
export interface Project {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly server: readonly string[];
}

const APP = { 'app.ts': `export default (_request, response) => response.end('hello');\n` };
const manifest = (more: object = {}): Record<string, string> => ({
  'package.json': JSON.stringify({ type: 'module', dependencies: { 'gunicorn-ts': '^0.1.0' }, ...more }),
});
const WSGI = {
  'shop.py': `def app(environ, start_response):\n    start_response("200 OK", [])\n    return []\n`,
};
const ASGI = { 'shop.py': 'async def app(scope, receive, send):\n    pass\n' };
const PYPROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["gunicorn-ts"]\n';

/** Both languages, every package manager, and the classes of workers. */
export const PROJECTS: readonly Project[] = [
  {
    name: 'pnpm-event',
    files: { ...APP, ...manifest({ scripts: { build: 'tsc' } }), 'pnpm-lock.yaml': '' },
    server: [
      '--workers=3',
      '--worker-class=event',
      '--max-worker-memory=200mb',
      '-e',
      'A=1',
      '-e',
      'API_TOKEN=x',
      'app.ts',
    ],
  },
  {
    name: 'npm-sync',
    files: { ...APP, ...manifest(), 'package-lock.json': '{}' },
    server: ['--workers=2', 'app.ts'],
  },
  { name: 'yarn-classic', files: { ...APP, ...manifest(), 'yarn.lock': '' }, server: ['app.ts'] },
  {
    name: 'yarn-berry',
    files: { ...APP, ...manifest(), 'yarn.lock': '', '.yarnrc.yml': '' },
    server: ['--graceful-timeout=90', 'app.ts'],
  },
  {
    name: 'uv-asgi',
    files: { ...ASGI, 'pyproject.toml': PYPROJECT, 'uv.lock': '' },
    server: ['--workers=4', '--worker-class=asgi', 'shop:app'],
  },
  {
    name: 'pip-sync',
    files: { ...WSGI, 'requirements.txt': 'gunicorn-ts\n' },
    server: ['--workers=4', 'shop:app'],
  },
];
