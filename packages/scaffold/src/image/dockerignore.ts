/** What has no place in an image: what is installed there, what is secret, and what nobody reads there. */
const IGNORED = {
  node: ['npm-debug.log*', 'coverage'],
  python: [
    '.venv',
    'venv',
    '**/__pycache__',
    '**/*.pyc',
    '.pytest_cache',
    '.mypy_cache',
    '.ruff_cache',
    '*.sqlite3',
  ],
  both: [
    '.git',
    // Also beside Python, where npm brought the server.
    'node_modules',
    '.gitignore',
    '.github',
    '.env',
    '.env.*',
    '*.pid',
    '*.log',
    'Dockerfile',
    '.dockerignore',
    'compose.yaml',
    'fly.toml',
    'Procfile',
  ],
} as const;

/** A `.dockerignore`: a build sends the folder without these, and `COPY . .` leaves them out. */
export function dockerignore(isPython: boolean): string {
  return [
    '# Variables and secrets are given to the container, and are not in the image.',
    ...IGNORED.both,
    ...(isPython ? IGNORED.python : IGNORED.node),
    '',
  ].join('\n');
}
