import { resolve } from 'node:path';

/**
 * What a launcher that becomes this process says of itself: the words that start it again, as JSON. The command of the
 * Python package is one.
 */
const VARIABLE = 'GUNICORN_TS_LAUNCHER';

/** What starts the command: the program and its own words, in front of the server's arguments. */
export interface Program {
  readonly words: readonly [program: string, ...words: string[]];
  readonly isLauncher: boolean;
}

/**
 * How this process was started. Removes what a launcher said from the environments: an application may start a server
 * that was installed in another way.
 * @param envs read from the first
 * @param cwd which a launcher that was named by a relative path is seen from
 */
export function takeProgram(
  envs: readonly [NodeJS.ProcessEnv, ...NodeJS.ProcessEnv[]],
  cwd: string,
): Program {
  const launcher = wordsOf(envs[0][VARIABLE]);
  for (const env of envs) delete env[VARIABLE];
  if (launcher === undefined) {
    return { words: [process.execPath, ...process.execArgv, process.argv[1] ?? ''], isLauncher: false };
  }
  const [program, ...words] = launcher;
  return { words: [resolve(cwd, program), ...words], isLauncher: true };
}

/** The environment as it is once the program was taken. */
export function forgetProgram(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== VARIABLE));
}

function wordsOf(text: string | undefined): [string, ...string[]] | undefined {
  if (text === undefined) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    const isCommand =
      Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
    return isCommand ? (words as [string, ...string[]]) : undefined;
  } catch {
    // Not written by a launcher.
    return undefined;
  }
}
