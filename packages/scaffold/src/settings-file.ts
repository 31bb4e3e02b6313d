import type { PlannedFile } from './plan.ts';
import type { Application } from './template.ts';

/** `gunicorn.conf.ts` of an application. */
export function settingsFile({ target, style, carried = [] }: Application): PlannedFile {
  const hasWorkers = carried.some(({ name }) => name === 'workers');
  const lines = [
    ...(hasWorkers
      ? []
      : ['  // As many as there are processors, and within the limit of a container.', "  workers: 'auto',"]),
    ...carried.flatMap(({ name, value, from }) => [`  // ${from}`, `  ${name}: ${value},`]),
  ];
  return {
    path: 'gunicorn.conf.ts',
    text: `import { defineConfig } from 'gunicorn-ts';

export default defineConfig({
  app: '${target}',
${CLASS[style].typescript}
${lines.join('\n')}
});
`,
  };
}

/** `gunicorn.conf.py`, for a project in which nothing comes from npm. */
export function pythonSettingsFile({ target, style }: Application): PlannedFile {
  return {
    path: 'gunicorn.conf.py',
    text: `wsgi_app = "${target}"
${CLASS[style].python}
workers = 2
`,
  };
}

const CLASS: Readonly<
  Record<Application['style'], { readonly typescript: string; readonly python: string }>
> = {
  node: {
    typescript: `  // Many requests at a time, and connections that are kept. 'sync' takes one at a time, behind nginx.
  workerClass: 'event',`,
    python: '',
  },
  wsgi: {
    typescript: `  // As many requests at a time as there are threads; connections are kept.
  workerClass: 'gthread',
  threads: 4,`,
    python: `# As many requests at a time as there are threads; connections are kept.
worker_class = "gthread"
threads = 4`,
  },
  asgi: {
    typescript: `  workerClass: 'asgi',`,
    python: 'worker_class = "asgi"',
  },
};
