import path from 'node:path';
import type { Deployment } from '@gunicorn-ts/interface';
import { dependencyFile, namesServer } from '@gunicorn-ts/scaffold';
import type { MemoryPlan } from './memory.ts';

/** So long do nginx, ingress-nginx and the balancers of AWS keep a connection that has nothing to do. */
const PROXIES_KEEP_S = 60;

/** Settings that are odd in a container, each with what to do. */
export function settingWarnings(deployment: Deployment, memory: MemoryPlan): string[] {
  const { settings, given, isPython, keepsConnections, project, secrets, invocation } = deployment;
  const file = dependencyFile(project, isPython);
  const has = (condition: boolean, text: string): string[] => (condition ? [text] : []);
  return [
    ...has(settings.reload, 'reload is on, which is for development; turn it off'),
    ...has(
      !memory.isMeasured,
      `maxWorkerMemory is not set, and ${memory.perWorker} MB are taken for a worker; see what yours take with "gunicorn top", and set it`,
    ),
    ...has(
      isLogFile(settings.accesslog) || isLogFile(settings.errorlog),
      'log files have no place in a container; both logs go to standard output and error',
    ),
    ...has(
      settings.workerTmpDir !== undefined && !settings.workerTmpDir.startsWith('/tmp'),
      `workerTmpDir is ${String(settings.workerTmpDir)}, where the root is read-only; remove it, or write /tmp`,
    ),
    ...has(
      !given.includes('forwardedAllowIps'),
      'forwardedAllowIps believes this machine alone, and the proxies of a platform are others; set it to their network, or applications take https for http',
    ),
    ...has(
      keepsConnections && settings.keepalive <= PROXIES_KEEP_S,
      `keepalive is ${settings.keepalive} s, and proxies in front of containers keep connections for ${PROXIES_KEEP_S} s and longer: the server would close one in the moment in which a request sets out on it, and its user gets 502; write keepalive: 75, or more than yours does`,
    ),
    ...has(
      settings.envFile.length > 0,
      `envFile: ${settings.envFile.join(', ')} is kept out of the image; give its variables to the container`,
    ),
    ...has(
      !project.names.includes(file),
      `there is no ${file}, and the image installs from it; write it${isPython ? ', as by pip freeze' : ''}`,
    ),
    ...has(
      project.names.includes(file) && !namesServer(project, isPython),
      isPython
        ? `${file} does not name gunicorn-ts, and the image takes the newest since this release; write the one you want into ${file}`
        : `${file} does not name gunicorn-ts, which the image installs from it; add it: npm install gunicorn-ts`,
    ),
    ...has(
      isPython && !invocation.isLauncher,
      'the image has the server from pip and not from npm; it is the same one',
    ),
    ...secrets.map((name) => `${name} looks like a secret and is left out; give it to the container as one`),
  ];
}

function isLogFile(file: string | undefined): boolean {
  return file !== undefined && file !== '-' && file !== '' && !file.startsWith('/dev/');
}

/** Files that the server reads and that the image, which has the folder of the application, will not hold. */
export function outsideWarnings({ settings, reads }: Deployment): string[] {
  const { certfile, keyfile, caCerts, chdir } = settings;
  const isOutside = (file: string): boolean =>
    path.relative(chdir, path.resolve(chdir, file)).startsWith('..');
  const named = new Map([
    ['certfile', certfile],
    ['keyfile', keyfile],
    ['caCerts', caCerts],
    ['config', reads.find((file) => /gunicorn\.conf\.\w+$/.test(file) && isOutside(file))],
  ]);
  return [...named].flatMap(([name, file]) =>
    file !== undefined && isOutside(file)
      ? [`${name}: ${file} is outside of ${chdir} and not in the image; mount it there, or move it`]
      : [],
  );
}
