import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '@gunicorn-ts/scripts';
import type { Place, Step } from './step.ts';
import { freePort } from './trial.ts';
import { pipEnvironment } from './wheels.ts';

const SCRIPTS = ['npm.sh', 'create.sh', 'pip.sh'] as const;
const LONGEST_S = 120;
/** What each of them shows: the answer, and that the server is asked and stopped by its own commands. */
const SHOWS: readonly RegExp[] = [
  /^(?:Hello$|\{"hello":"\/"\})/m,
  /Listening at: http:\/\//,
  /Shutting down: Master/,
];

/** The scripts of two-minutes, each in namespaces of its own with an empty home. */
export const checkTwoMinutes: Step = {
  name: 'two minutes from nothing',
  async run(place) {
    if (!mayMakeNamespaces()) return ['namespaces cannot be made here; run it as root'];
    const problems: string[] = [];
    for (const script of SCRIPTS) problems.push(...(await play(script, place)));
    return problems;
  },
};

/** Whether this user may have namespaces of its own. */
export function mayMakeNamespaces(): boolean {
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function play(script: string, place: Place): Promise<readonly string[]> {
  const { home, registry, say } = place;
  const env = {
    ...pipEnvironment(place),
    npm_config_registry: `${registry.url}/`,
    PORT: String(await freePort()),
  };
  const { code, output, seconds } = await home.run(
    [join(ROOT, 'tooling/release/two-minutes/empty.sh'), script],
    '/',
    env,
  );
  say(`       ${seconds.toFixed(0).padStart(3)} s: ${script}`);
  return [
    ...(code === 0 ? [] : [`${script} ended with ${code}:\n${output}`]),
    ...SHOWS.filter((wanted) => !wanted.test(output)).map(
      (wanted) => `${script} shows nothing like ${wanted}:\n${output}`,
    ),
    ...(seconds > LONGEST_S ? [`${script} took ${seconds.toFixed(0)} s`] : []),
  ];
}
