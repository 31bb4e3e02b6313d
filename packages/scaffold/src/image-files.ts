import type { PackageManager } from './package-manager.ts';
import type { PlannedFile } from './plan.ts';

/** An image of a Node.js project: what is installed is made in a stage of its own, and runs as a user without rights. */
export function nodeImage({ inImage, lockfile, name }: PackageManager): readonly PlannedFile[] {
  const settings = { npm: '', pnpm: ' pnpm-workspace.yaml*', yarn: ' .yarnrc.yml*' }[name];
  return [
    {
      path: 'Dockerfile',
      text: `FROM node:24-slim AS install
WORKDIR /app
COPY package.json ${lockfile}${settings} ./
RUN ${inImage}

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=install /app/node_modules node_modules
COPY . .
# A number: Kubernetes cannot tell of a name whether it is root.
USER 65532:65532
EXPOSE 8000
# No shell and no npm in between: signals reach the server.
CMD ["node_modules/.bin/gunicorn", "--bind", "0.0.0.0:8000"]
`,
    },
    { path: '.dockerignore', text: lines('.git', 'node_modules', 'Dockerfile', '.env*', '*.log') },
  ];
}

/** An image of a Python project: the server comes by pip, and brings its Node.js along. */
export function pythonImage(requirements: string, version: string): readonly PlannedFile[] {
  return [
    {
      path: 'Dockerfile',
      text: `FROM python:3.13-slim AS install
RUN python -m venv /venv
WORKDIR /app
COPY ${requirements} ./
RUN /venv/bin/pip install --no-cache-dir -r ${requirements} 'gunicorn-ts>=${version}'

FROM python:3.13-slim
COPY --from=install /venv /venv
WORKDIR /app
COPY . .
USER 65532:65532
EXPOSE 8000
CMD ["/venv/bin/gunicorn", "--bind", "0.0.0.0:8000"]
`,
    },
    {
      path: '.dockerignore',
      text: lines('.git', 'node_modules', '.venv', 'venv', '__pycache__', 'Dockerfile', '.env*', '*.log'),
    },
  ];
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
