import type { Exporter } from '@gunicorn-ts/interface';
import { dockerfile, dockerignore } from '@gunicorn-ts/scaffold';
import { composeFile } from './compose.ts';
import { containerOf } from './container.ts';
import { flyToml } from './fly.ts';
import { CONTAINER_OPTIONS, IMAGE, textOption } from './options.ts';
import { procfile } from './procfile.ts';

const docker: Exporter = {
  kind: 'docker',
  options: CONTAINER_OPTIONS,
  make(deployment, options) {
    const container = containerOf(deployment, options, { isBalanced: false });
    return {
      files: [
        {
          name: 'Dockerfile',
          text: dockerfile({ ...container, ...deployment, madeBy: 'gunicorn export docker' }),
        },
        { name: '.dockerignore', text: dockerignore(deployment.isPython) },
      ],
      warnings: container.warnings,
    };
  },
};

const compose: Exporter = {
  kind: 'compose',
  options: [
    ...CONTAINER_OPTIONS,
    { flag: '--image', value: 'IMAGE', help: 'Name of the image. [default: NAME:latest]' },
  ],
  make(deployment, options) {
    const container = containerOf(deployment, options, { isBalanced: false });
    const image = textOption(options, '--image', IMAGE) ?? `${deployment.name.toLowerCase()}:latest`;
    return {
      files: [{ name: 'compose.yaml', text: composeFile(container, image) }],
      warnings: container.warnings,
    };
  },
};

const fly: Exporter = {
  kind: 'fly',
  options: CONTAINER_OPTIONS,
  make: (deployment, options) => flyToml(containerOf(deployment, options, { isBalanced: true })),
};

/** What `gunicorn export` can make when this package is installed. */
export const exporters: readonly Exporter[] = [
  docker,
  compose,
  { kind: 'procfile', options: [], make: procfile },
  fly,
];
