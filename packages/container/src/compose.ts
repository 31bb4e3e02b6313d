import { healthCommand, UID } from '@gunicorn-ts/scaffold';
import type { Container } from './container.ts';
import { commented, writeYaml } from './yaml.ts';

/** `compose.yaml`: the image on one machine, with the conditions that a cluster would give it. */
export function composeFile(container: Container, image: string): string {
  const { name, port, adminPort, args, memory, stop, environment, secrets, writable } = container;
  const service = {
    build: '.',
    image,
    command: args,
    ports: [
      `${port}:${port}`,
      commented(`127.0.0.1:${adminPort}:${adminPort}`, 'Health and metrics, for this machine alone.'),
    ],
    environment: environment.length === 0 ? undefined : Object.fromEntries(environment),
    // Each is taken from the environment of docker compose, or from .env beside this file.
    ...(secrets.length === 0
      ? {}
      : {
          environment: {
            ...Object.fromEntries(environment),
            ...Object.fromEntries(secrets.map((secret) => [secret, `\${${secret}:?}`])),
          },
        }),
    user: `${UID}:${UID}`,
    read_only: true,
    tmpfs: [...writable],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
    stop_signal: 'SIGTERM',
    stop_grace_period: commented(
      `${stop.grace}s`,
      `shutdownDelay ${stop.shutdownDelay} + gracefulTimeout ${stop.graceful} + ${stop.margin}`,
    ),
    mem_limit: commented(
      `${memory.limit}m`,
      `${memory.base} + ${memory.workers} × ${memory.perWorker}: a replacement is there before a worker leaves`,
    ),
    healthcheck: {
      test: ['CMD', ...healthCommand({ ...container, ...container.deployment })],
      interval: '10s',
      timeout: '3s',
      retries: 6,
      start_period: '60s',
    },
  };
  return writeYaml({ name: projectName(name), services: { web: service } });
}

/** Lower-case letters, digits, dashes and underscores, beginning with a letter or digit. */
function projectName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'gunicorn'
  );
}
