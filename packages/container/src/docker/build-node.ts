import type { ProjectFiles } from '@gunicorn-ts/interface';
import { WORKDIR } from '../container.ts';
import { hasBuild, type PackageManager } from './package-manager.ts';

type NodeManager = Extract<PackageManager, { readonly kind: 'pnpm' | 'npm' | 'yarn' }>;

interface Commands {
  /** What the image lacks of the package manager. */
  readonly prepare: readonly string[];
  /** With what a build needs. */
  readonly installAll: string;
  /** With what the server needs. */
  readonly install: string;
  readonly build: string;
  /** Removes what only the build needed. */
  readonly prune: string;
}

/** The stages of an application for Node.js, up to the working directory of the last one. */
export function buildNode(manager: NodeManager, project: ProjectFiles): string[] {
  const { prepare, installAll, install, build, prune } = commandsOf(manager);
  const folders = project.names.includes('.yarn') && manager.kind === 'yarn' ? ['COPY .yarn ./.yarn'] : [];
  return [
    'ARG NODE_IMAGE=node:24-bookworm-slim',
    '',
    'FROM ${NODE_IMAGE} AS build',
    `WORKDIR ${WORKDIR}`,
    ...prepare,
    '# Only a change of these installs anew.',
    `COPY ${manager.files.join(' ')} ./`,
    ...folders,
    ...(hasBuild(project)
      ? [`RUN ${installAll}`, 'COPY . .', `RUN ${build} && ${prune}`]
      : [`RUN ${install}`, 'COPY . .']),
    '',
    'FROM ${NODE_IMAGE}',
    'ENV NODE_ENV=production',
    `WORKDIR ${WORKDIR}`,
    '# Owned by root: the server may read it, and change nothing.',
    `COPY --from=build ${WORKDIR} ${WORKDIR}`,
  ];
}

function commandsOf(manager: NodeManager): Commands {
  switch (manager.kind) {
    case 'pnpm': {
      return {
        prepare: [`RUN npm install --global pnpm@${manager.version}`],
        installAll: 'pnpm install --frozen-lockfile',
        install: 'pnpm install --frozen-lockfile --prod',
        build: 'pnpm run build',
        prune: 'CI=true pnpm prune --prod',
      };
    }
    case 'yarn':
      return manager.isClassic
        ? {
            prepare: [],
            installAll: 'yarn install --frozen-lockfile',
            install: 'yarn install --frozen-lockfile --production',
            build: 'yarn run build',
            prune: 'yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline',
          }
        : {
            prepare: [
              '# The server is started from node_modules: with plug and play there is none.',
              'ENV YARN_NODE_LINKER=node-modules',
              'RUN corepack enable',
            ],
            installAll: 'yarn install --immutable',
            install: 'yarn workspaces focus --all --production',
            build: 'yarn run build',
            prune: 'yarn workspaces focus --all --production',
          };
    case 'npm': {
      const command = manager.hasLock ? 'npm ci' : 'npm install';
      return {
        prepare: [],
        installAll: command,
        install: `${command} --omit=dev`,
        build: 'npm run build',
        prune: 'npm prune --omit=dev',
      };
    }
  }
}
