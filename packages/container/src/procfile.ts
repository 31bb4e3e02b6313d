import { withoutFlags } from '@gunicorn-ts/config';
import type { Deployment, Export } from '@gunicorn-ts/interface';
import { settingWarnings } from './warnings.ts';
import { memoryPlan } from './memory.ts';
import { shellWord } from './shell-word.ts';

/** Seconds from TERM to KILL on Heroku, and those that the last lines need. */
const PATIENCE_S = 30;
const MARGIN_S = 5;

/**
 * A Procfile. The platform says the port (`PORT`) and often the number of workers (`WEB_CONCURRENCY`), sends TERM to all
 * processes, and KILL after 30 seconds.
 */
export function procfile(deployment: Deployment): Export {
  const { settings, given, isPython, invocation } = deployment;
  const program = isPython ? 'gunicorn' : 'node node_modules/gunicorn-ts/bin/gunicorn.js';
  const isLong = settings.shutdownDelay + settings.gracefulTimeout + MARGIN_S > PATIENCE_S;
  const graceful = Math.max(1, PATIENCE_S - MARGIN_S - settings.shutdownDelay);
  const flags = withoutFlags(invocation.argv, [
    '-b',
    '--bind',
    '--chdir',
    '--graceful-timeout',
    '-w',
    '--workers',
  ]);
  const words = [
    program,
    // An address in the settings file would win over the PORT of the platform.
    '--bind=0.0.0.0:$PORT',
    ...(given.includes('workers') ? [`--workers=${settings.workers}`] : []),
    ...(isLong ? [`--graceful-timeout=${graceful}`] : []),
    ...flags.map((word) => relative(word, settings.chdir)).map(shellWord),
  ];
  return {
    files: [{ name: 'Procfile', text: `web: ${words.join(' ')}\n` }],
    warnings: [
      ...settingWarnings(deployment, memoryPlan(deployment, undefined)).filter(isOfPlatforms),
      ...(isLong
        ? [
            `the platform kills ${PATIENCE_S} s after TERM, so gracefulTimeout is ${graceful} and not ${settings.gracefulTimeout}`,
          ]
        : []),
    ],
  };
}

/** There is no image, and nothing is known of the memory. */
function isOfPlatforms(warning: string): boolean {
  return !/^the image|^maxWorkerMemory/.test(warning);
}

function relative(word: string, chdir: string): string {
  return word.replace(`${chdir}/`, '');
}
