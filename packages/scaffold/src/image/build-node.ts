import type { ProjectFiles } from '@gunicorn-ts/interface';
import { hasBuild, type Installer } from './installer.ts';
import { WORKDIR } from './place.ts';

type NodeInstaller = Extract<Installer, { readonly kind: 'pnpm' | 'npm' | 'yarn' }>;

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
export function buildNode(installer: NodeInstaller, project: ProjectFiles): string[] {
  const { prepare, installAll, install, build, prune } = commandsOf(installer);
  const folders = project.names.includes('.yarn') && installer.kind === 'yarn' ? ['COPY .yarn ./.yarn'] : [];
  return [
    'ARG NODE_IMAGE=node:24-bookworm-slim',
    '',
    'FROM ${NODE_IMAGE} AS build',
    `WORKDIR ${WORKDIR}`,
    ...prepare,
    '# Only a change of these installs anew.',
    `COPY ${installer.files.join(' ')} ./`,
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

function commandsOf(installer: NodeInstaller): Commands {
  switch (installer.kind) {
    case 'pnpm': {
      return {
        prepare: [`RUN npm install --global pnpm@${installer.version}`],
        installAll: 'pnpm install --frozen-lockfile',
        install: 'pnpm install --frozen-lockfile --prod',
        build: 'pnpm run build',
        prune: 'CI=true pnpm prune --prod',
      };
    }
    case 'yarn':
      return installer.isClassic
        ? {
            prepare: [yarn('yarn', installer.version)],
            installAll: 'yarn install --frozen-lockfile',
            install: 'yarn install --frozen-lockfile --production',
            build: 'yarn run build',
            prune: 'yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline',
          }
        : {
            prepare: [
              '# The server is started from node_modules: with plug and play there is none.',
              'ENV YARN_NODE_LINKER=node-modules',
              yarn('@yarnpkg/cli-dist', installer.version),
            ],
            installAll: 'yarn install --immutable',
            install: 'yarn workspaces focus --all --production',
            build: 'yarn run build',
            prune: 'yarn workspaces focus --all --production',
          };
    case 'npm': {
      const command = installer.hasLock ? 'npm ci' : 'npm install';
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

/** Images of Node.js have a yarn 1, or none, and newer ones no Corepack: it is put over what is there. */
function yarn(name: string, version: string): string {
  return `RUN npm install --global --force ${name}@${version}`;
}
