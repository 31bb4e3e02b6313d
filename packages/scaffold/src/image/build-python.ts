import type { Image } from './image.ts';
import { type Installer, namesServer } from './installer.ts';
import { WORKDIR } from './place.ts';

type PythonInstaller = Extract<Installer, { readonly kind: 'uv' | 'pip' }>;

/** The stages of an application in Python: a virtual environment beside it, which is carried over whole. */
export function buildPython(
  installer: PythonInstaller,
  { project, version }: Pick<Image, 'project' | 'version'>,
): string[] {
  const server = namesServer(project, true) ? undefined : `'gunicorn-ts>=${version}'`;
  return [
    'ARG PYTHON_IMAGE=python:3.13-slim-bookworm',
    '',
    'FROM ${PYTHON_IMAGE} AS build',
    `WORKDIR ${WORKDIR}`,
    ...(installer.kind === 'uv' ? byUv(server) : byPip(installer, server)),
    '',
    'FROM ${PYTHON_IMAGE}',
    `# The root is read-only, so that no bytecode can be written beside the modules.`,
    `ENV PATH=${WORKDIR}/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1`,
    `WORKDIR ${WORKDIR}`,
    '# Owned by root: the server may read it, and change nothing. It has the path it was made in: its scripts hold that.',
    `COPY --from=build ${WORKDIR} ${WORKDIR}`,
  ];
}

function byUv(server: string | undefined): string[] {
  return [
    'ARG UV_VERSION=0.13.8',
    'RUN pip install --no-cache-dir uv==${UV_VERSION}',
    '# The interpreter of the image, with which it runs; files and no links into a cache that stays behind.',
    'ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1',
    '# Only a change of these installs anew.',
    'COPY pyproject.toml uv.lock ./',
    'RUN uv sync --frozen --no-dev --no-install-project',
    'COPY . .',
    'RUN uv sync --frozen --no-dev',
    // Last: a synchronisation removes what no lock file names.
    ...(server === undefined ? [] : [`RUN uv pip install ${server}`]),
  ];
}

function byPip(
  { requirements, needsProject }: Extract<Installer, { readonly kind: 'pip' }>,
  server: string | undefined,
): string[] {
  const wanted = requirements === undefined ? '.' : `--requirement ${requirements}`;
  const pip = `${WORKDIR}/.venv/bin/pip install --no-cache-dir ${wanted}`;
  const install = `RUN python -m venv ${WORKDIR}/.venv && ${pip}${server === undefined ? '' : ` ${server}`}`;
  if (needsProject) return ['COPY . .', install];
  return ['# Only a change of this installs anew.', `COPY ${requirements} ./`, install, 'COPY . .'];
}
