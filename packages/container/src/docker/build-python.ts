import { WORKDIR } from '../container.ts';
import type { PackageManager } from './package-manager.ts';

type PythonManager = Extract<PackageManager, { readonly kind: 'uv' | 'pip' }>;

/** The stages of an application in Python: a virtual environment beside it, which is carried over whole. */
export function buildPython(manager: PythonManager): string[] {
  return [
    'ARG PYTHON_IMAGE=python:3.13-slim-bookworm',
    '',
    'FROM ${PYTHON_IMAGE} AS build',
    `WORKDIR ${WORKDIR}`,
    ...(manager.kind === 'uv' ? byUv() : byPip(manager.requirements)),
    '',
    'FROM ${PYTHON_IMAGE}',
    `# The root is read-only, so that no bytecode can be written beside the modules.`,
    `ENV PATH=${WORKDIR}/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1`,
    `WORKDIR ${WORKDIR}`,
    '# Owned by root: the server may read it, and change nothing. It has the path it was made in: its scripts hold that.',
    `COPY --from=build ${WORKDIR} ${WORKDIR}`,
  ];
}

function byUv(): string[] {
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
  ];
}

function byPip(requirements: string | undefined): string[] {
  const pip = `${WORKDIR}/.venv/bin/pip install --no-cache-dir`;
  const venv = `RUN python -m venv ${WORKDIR}/.venv`;
  if (requirements === undefined) return [venv, 'COPY . .', `RUN ${pip} .`];
  return [
    '# Only a change of this installs anew.',
    `COPY ${requirements} ./`,
    `${venv} && ${pip} --requirement ${requirements}`,
    'COPY . .',
  ];
}
