import { buildNode } from './build-node.ts';
import { buildPython } from './build-python.ts';
import type { Image } from './image.ts';
import { installerOf } from './installer.ts';
import { entrypointOf, UID } from './place.ts';

/** Where a health check in the image asks: the admin listener, from the inside. */
export function healthCommand({ isPython, adminPort }: Pick<Image, 'isPython' | 'adminPort'>): string[] {
  return [...entrypointOf(isPython), 'health', '--admin-bind', `127.0.0.1:${adminPort}`];
}

/**
 * A Dockerfile of two stages: dependencies are installed and the application is built in the first; the second has what
 * came of it, and neither a package manager's cache nor a compiler.
 */
export function dockerfile(image: Image): string {
  const { name, madeBy, isPython, project, args, port, adminPort } = image;
  const installer = installerOf(project, isPython);
  const build =
    installer.kind === 'uv' || installer.kind === 'pip'
      ? buildPython(installer, image)
      : buildNode(installer, project);
  return [
    '# syntax=docker/dockerfile:1',
    `# ${tagOf(name)}, made by ${madeBy}. Build it in the folder of the application:`,
    `#   docker build --tag ${tagOf(name)} .`,
    '',
    ...build,
    '',
    // A number: Kubernetes cannot tell of a name whether it is root (runAsNonRoot).
    `USER ${UID}:${UID}`,
    `EXPOSE ${port} ${adminPort}`,
    '# TERM lets requests finish.',
    'STOPSIGNAL SIGTERM',
    '# The admin listener answers while every worker is busy.',
    `HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \\`,
    `  CMD ${JSON.stringify(healthCommand(image))}`,
    '# The server is process 1 and hears the signal itself: no shell, no npm in front of it.',
    `ENTRYPOINT ${JSON.stringify(entrypointOf(isPython))}`,
    `CMD ${JSON.stringify(args)}`,
    '',
  ].join('\n');
}

/** A name that a registry takes, out of one of a folder. */
function tagOf(name: string): string {
  const tag = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return tag === '' ? 'app' : tag;
}
