const KINDS: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', rc: 'rc', dev: '.dev' };

/**
 * The version of a `package.json` as PEP 440 writes it: `1.2.0-rc.1` is `1.2.0rc1`.
 * @throws {Error} for a prerelease that Python has no word for
 */
export function pythonVersion(version: string): string {
  const found = /^(\d+\.\d+\.\d+)(?:-([a-z]+)(?:\.(\d+))?)?$/.exec(version);
  const [, release = '', kind, number = '0'] = found ?? [];
  if (found !== null && kind === undefined) return release;
  const word = kind === undefined ? undefined : KINDS[kind];
  if (word === undefined) {
    throw new Error(
      `the version ${version} cannot be that of a Python package; write one such as 1.2.3, or 1.2.3-rc.1 (${Object.keys(KINDS).join(', ')})`,
    );
  }
  return `${release}${word}${number}`;
}
