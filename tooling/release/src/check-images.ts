import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { lintDockerfile } from '@gunicorn-ts/container';
import { TEMPLATES } from '@gunicorn-ts/scaffold';
import { mayMakeNamespaces } from './check-two-minutes.ts';
import { makeProject } from './check-templates.ts';
import { inLanes } from './lanes.ts';
import type { EmptyHome, PackageManager } from './package-manager.ts';
import { playDockerfile, quoted } from './play-image.ts';
import type { Place, Step } from './step.ts';
import { freePort, Running } from './trial.ts';
import { pipEnvironment } from './wheels.ts';

/** What images of Node.js and of Python have in common. */
const PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A root that is this machine's, and in which what is written is gone afterwards; then read-only, as a container's may be. */
const MACHINE = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/written /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/written,workdir=/mnt/work /mnt/root
mount -t proc proc /mnt/root/proc
mount --rbind /dev /mnt/root/dev
# As images have it: the Node.js that this runs on where everybody may read it, and a python without a number.
rm -f /mnt/root/usr/local/bin/node
touch /mnt/root/usr/local/bin/node
mount --bind ${quoted(process.execPath)} /mnt/root/usr/local/bin/node
ln -sf /usr/bin/python3 /mnt/root/usr/local/bin/python
chroot /mnt/root sh -c "$1" >&2
mount -o remount,ro /mnt/root
mount -t tmpfs -o mode=1777 tmpfs /mnt/root/tmp
shift
exec chroot /mnt/root env --chdir=/app "$@"
`;
const RIGHTS = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--'];

/** The Dockerfiles of new projects, by every package manager and by pip: their lines are played, and what they start serves. */
export const checkImages: Step = {
  name: 'images of new projects, played',
  async run(place) {
    if (!mayMakeNamespaces()) return ['namespaces cannot be made here; run it as root'];
    const [npm] = place.managers;
    const tries = [
      ...place.managers.map((manager) => ['fetch', manager] as const),
      ...(npm === undefined ? [] : [['flask', npm] as const]),
    ];
    return inLanes(
      tries.map(
        ([name, manager]) =>
          () =>
            tryImage(name, manager, place),
      ),
    );
  },
};

async function tryImage(name: string, manager: PackageManager, place: Place): Promise<readonly string[]> {
  const template = TEMPLATES.find((one) => one.name === name);
  if (template === undefined) throw new Error(`there is no template ${name}`);
  const started = performance.now();
  const folder = join(place.projects, `image-${name}-${manager.name}`);
  mkdirSync(folder);
  const { project, env, failed } = await makeProject(template, manager, { ...place, projects: folder });
  if (failed.length > 0) return failed;
  const [port, adminPort] = [await freePort(), await freePort()];
  const text = readFileSync(join(project, 'Dockerfile'), 'utf8')
    .replaceAll('8000', String(port))
    .replaceAll('9000', String(adminPort))
    // The wheel of this checkout has the version that is on the way.
    .replace(/(gunicorn-ts>=)[\d.]+/, '$10.dev0');
  const context = join(folder, 'context');
  sendContext(project, context);
  const problems = lintDockerfile(text).map(({ what }) => `the Dockerfile ${what}`);
  problems.push(
    ...(await play(text, { context, port, home: place.home, env: { ...env, ...pipEnvironment(place) } })),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(3);
  place.say(`      ${seconds} s until the image of ${name} by ${manager.name} has served and stopped`);
  return problems.map((problem) => `${name} by ${manager.name}: ${problem}`);
}

/** What a builder is sent of a folder: without what .dockerignore names. */
function sendContext(project: string, context: string): void {
  const ignored = readFileSync(join(project, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  cpSync(project, context, {
    recursive: true,
    filter: (path) => !ignored.some((pattern) => matchesGlob(relative(project, path), pattern)),
  });
}

interface Played {
  readonly context: string;
  readonly port: number;
  readonly home: EmptyHome;
  readonly env: NodeJS.ProcessEnv;
}

async function play(text: string, { context, port, home, env }: Played): Promise<readonly string[]> {
  const { build, env: own, user, server, health } = playDockerfile(text, context);
  const [uid = '', gid = ''] = user.split(':');
  const variables = [`PATH=${PATH}`, ...own.map((pair) => pair.replaceAll('$PATH', PATH)), 'HOME=/'];
  const asUser = [...variables, 'setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...RIGHTS];
  const script = join(context, '../build.sh');
  writeFileSync(script, build);
  const running = new Running(
    [
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-eu',
      '-c',
      MACHINE,
      'sh',
      `sh ${quoted(script)}`,
      ...asUser,
      ...server,
    ],
    { project: context, home, env: { ...env, PATH } },
  );
  const answer = await running.answers(`http://127.0.0.1:${port}/`, BUILD_MS);
  if (!/^\{"hello": ?"\/"\}/.test(answer)) {
    running.kill();
    return [`answers ${JSON.stringify(answer.slice(-3000))}`];
  }
  const inside = childOf(running.pid);
  const asked = await inNamespace(inside, [...asUser, ...health], home);
  // To the server itself, as process 1 of its namespace gets it.
  process.kill(inside, 'SIGTERM');
  const code = await running.ended();
  return [
    ...(asked.code === 0 ? [] : [`the health check ends with ${asked.code}: ${asked.output}`]),
    ...(code === 0 ? [] : [`ended with ${code} on TERM:\n${running.output.slice(-3000)}`]),
  ];
}

/** An image with an environment of Python takes its time. */
const BUILD_MS = 240_000;

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

function inNamespace(pid: number, words: readonly string[], home: EmptyHome) {
  const enter = ['nsenter', `--target=${pid}`, '--mount', '--pid', '--root', '--', 'env', '--chdir=/app'];
  return home.run([...enter, ...words], '/');
}
