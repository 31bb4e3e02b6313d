import type { Export } from '@gunicorn-ts/interface';
import type { Container } from './container.ts';
import { shellWord } from './shell-word.ts';

/** The longest that Fly.io waits, in seconds. */
const LONGEST_S = 300;
/** Memory comes in steps of this, in MB. */
const STEP = 256;

/** `fly.toml`, which builds the Dockerfile beside it. */
export function flyToml(container: Container): Export {
  const { name, port, adminPort, workers, memory, stop, environment, deployment } = container;
  const { workerConnections } = deployment.settings;
  const isMany = deployment.keepsConnections;
  // A worker of sync has one request at a time, and a few more wait for it less long than another machine boots.
  const soft = isMany ? Math.ceil(workers * workerConnections * 0.8) : workers;
  const hard = isMany ? workers * workerConnections : workers * 4;
  const text = [
    `app = ${JSON.stringify(name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-'))}`,
    '# Its default is INT, which does not wait for requests.',
    'kill_signal = "SIGTERM"',
    `kill_timeout = ${Math.min(stop.grace, LONGEST_S)} # shutdownDelay ${stop.shutdownDelay} + gracefulTimeout ${stop.graceful} + ${stop.margin}`,
    '',
    '[build]',
    'dockerfile = "Dockerfile"',
    '',
    '[deploy]',
    'strategy = "rolling"',
    '',
    ...(environment.length === 0
      ? []
      : ['[env]', ...environment.map(([key, value]) => `${key} = ${JSON.stringify(value)}`), '']),
    '# Behind the entry point of the image, in place of its own arguments.',
    '[processes]',
    `app = ${JSON.stringify(container.args.map(shellWord).join(' '))}`,
    '',
    '[http_service]',
    'processes = ["app"]',
    `internal_port = ${port}`,
    'force_https = true',
    '',
    '[http_service.concurrency]',
    'type = "requests"',
    `soft_limit = ${soft}`,
    `hard_limit = ${hard}`,
    '',
    '# On the admin port: a worker that is busy cannot answer. A machine that is not ready holds a deployment up.',
    '[checks.ready]',
    'type = "http"',
    `port = ${adminPort}`,
    'path = "/readyz"',
    'interval = "10s"',
    'timeout = "2s"',
    'grace_period = "30s"',
    '',
    '[metrics]',
    `port = ${adminPort}`,
    'path = "/metrics"',
    '',
    '[[vm]]',
    `memory = "${Math.ceil(memory.limit / STEP) * STEP}mb" # ${memory.base} + ${memory.workers} × ${memory.perWorker}`,
    'cpu_kind = "shared"',
    `cpus = ${[1, 2, 4, 8].find((cpus) => cpus * 2 + 1 >= workers) ?? 8}`,
    '',
  ].join('\n');
  const tooLong =
    stop.grace > LONGEST_S
      ? [`Fly.io waits ${LONGEST_S} s at most, and this stop may take ${stop.grace}`]
      : [];
  return { files: [{ name: 'fly.toml', text }], warnings: [...container.warnings, ...tooLong] };
}
