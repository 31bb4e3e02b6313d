import { withoutFlags } from '@gunicorn-ts/config';
import type { Invocation, LoadedSettings } from '@gunicorn-ts/interface';

/**
 * The same start from the folder of the application (`chdir`), which is where a service starts, and whose user may not
 * even see the folder that the exporter was called in. A folder that is reached by a link is named: systemd and
 * supervisord enter it without saying its name, and a reload is to follow the link.
 */
export function placeAt(
  { settings, folder, configFile }: LoadedSettings,
  invocation: Invocation,
): Invocation {
  const { argv, cwd, program } = invocation;
  if (settings.chdir === cwd && folder === cwd) return invocation;
  const end = argv.indexOf('--') === -1 ? argv.length : argv.indexOf('--');
  const flags = argv.slice(0, end);
  const inNamed = (word: string): string =>
    word.startsWith(`${folder}/`) ? settings.chdir + word.slice(folder.length) : word;
  const absolute = [...(configFile === undefined ? [] : ['--config', configFile]), '--chdir', settings.chdir];
  return {
    ...invocation,
    cwd: settings.chdir,
    // Installed in the release, it is the one of the next release as well.
    program: [inNamed(program[0]), ...program.slice(1).map(inNamed)],
    // Behind the others: the last of several values counts, also where one was written in another way.
    argv: [...withoutFlags(flags, ['--config', '-c', '--chdir']), ...absolute, ...argv.slice(end)],
  };
}

/** The arguments without the variables of these names: `-e NAME=VALUE`, `--env NAME=VALUE`. */
export function withoutVariables(argv: readonly string[], names: readonly string[]): string[] {
  const isNamed = (pair: string | undefined): boolean =>
    pair !== undefined && names.includes(pair.split('=', 1)[0] ?? '');
  const isFlag = (word: string | undefined): boolean => word === '-e' || word === '--env';
  return argv.filter((word, index) => {
    if (isFlag(word)) return !isNamed(argv[index + 1]);
    if (isFlag(argv[index - 1])) return !isNamed(word);
    return !isNamed(/^(?:-e=?|--env=)(.*)$/s.exec(word)?.[1]);
  });
}
