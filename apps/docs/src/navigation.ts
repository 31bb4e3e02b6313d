import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the site: where it lies in the repository, and what the side bar calls it. */
export interface Entry {
  /** `docs/settings.md` */
  readonly source: string;
  readonly text: string;
}

export interface Group {
  readonly text: string;
  readonly entries: readonly Entry[];
}

/** There once a run was published. */
const BENCHMARKS = 'docs/benchmarks.md';

const page = (name: string, text: string): Entry => ({ source: `docs/${name}.md`, text });

/** The side bar: what one looks for first stands first. Every page of docs/ stands here once. */
export const GROUPS: readonly Group[] = [
  {
    text: 'Start in two minutes',
    entries: [
      page('start-node', 'Node.js'),
      page('start-django', 'Django'),
      page('start-fastapi', 'FastAPI'),
      page('install-pip', 'Installed by pip'),
    ],
  },
  {
    text: 'Serve an application',
    entries: [
      page('applications', 'Applications'),
      page('choose-worker-class', 'Choose a worker class'),
      page('python', 'Python: WSGI'),
      page('asgi', 'Python: ASGI'),
      page('http', 'HTTP'),
      page('http2', 'HTTP/2'),
    ],
  },
  {
    text: 'Configure',
    entries: [
      page('settings', 'Settings'),
      page('hooks', 'Hooks'),
      page('gunicorn-settings', 'Gunicorn’s settings'),
    ],
  },
  {
    text: 'Deploy',
    entries: [
      page('deploy-systemd', 'From an empty machine'),
      page('systemd-runtime', 'Under systemd'),
      page('deploy-proxies', 'nginx, Apache, supervisor'),
      page('containers', 'Containers and PaaS'),
      page('kubernetes', 'Kubernetes'),
    ],
  },
  {
    text: 'Operate',
    entries: [
      page('operating', 'Operating it'),
      page('at-night', 'When something is wrong'),
      page('logging', 'Logs'),
      page('control', 'Ask a running server'),
      page('top', 'gunicorn top'),
      page('verify', 'gunicorn verify'),
      page('admin', 'Health, metrics, status page'),
      page('metrics', 'Every number'),
      page('signals', 'Signals'),
      page('exit-codes', 'Exit codes'),
      page('errors', 'Errors'),
    ],
  },
  {
    text: 'Come from …',
    entries: [
      page('from-pm2', 'PM2'),
      page('from-cluster', 'node:cluster'),
      page('from-gunicorn', 'Gunicorn'),
      page('from-uvicorn', 'uvicorn'),
      page('python-differences', 'What differs for Python'),
    ],
  },
  {
    text: 'Inside',
    entries: [
      { source: 'ARCHITECTURE.md', text: 'Architecture' },
      ...(existsSync(join(import.meta.dirname, '../../..', BENCHMARKS))
        ? [{ source: BENCHMARKS, text: 'Benchmarks' }]
        : []),
      page('security', 'Security'),
      page('worker-classes', 'Write a worker class'),
      { source: 'CONTRIBUTING.md', text: 'Change it' },
    ],
  },
];
