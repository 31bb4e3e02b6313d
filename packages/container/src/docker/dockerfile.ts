import { type Container, UID } from '../container.ts';
import { buildNode } from './build-node.ts';
import { buildPython } from './build-python.ts';
import { packageManagerOf } from './package-manager.ts';

/** Where a health check in the image asks: the admin listener, from the inside. */
export function healthCommand({ entrypoint, adminPort }: Container): string[] {
  return [...entrypoint, 'health', '--admin-bind', `127.0.0.1:${adminPort}`];
}

/**
 * A Dockerfile of two stages: dependencies are installed and the application is built in the first; the second has what
 * came of it, and neither a package manager's cache nor a compiler.
 */
export function dockerfile(container: Container): string {
  const { deployment, entrypoint, args, port, adminPort } = container;
  const { isPython, project } = deployment;
  const manager = packageManagerOf(project, isPython);
  const build =
    manager.kind === 'uv' || manager.kind === 'pip' ? buildPython(manager) : buildNode(manager, project);
  return [
    '# syntax=docker/dockerfile:1',
    `# ${container.name}, made by gunicorn export docker. Build it in the folder of the application:`,
    `#   docker build --tag ${container.name.toLowerCase()} .`,
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
    `  CMD ${JSON.stringify(healthCommand(container))}`,
    '# The server is process 1 and hears the signal itself: no shell, no npm in front of it.',
    `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
    `CMD ${JSON.stringify(args)}`,
    '',
  ].join('\n');
}
