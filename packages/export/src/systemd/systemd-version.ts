import { execFileSync } from 'node:child_process';

/** Of Debian 12: what to write for where there is no systemd to ask. */
const USUAL = 252;

/** Version of the installed systemd. */
export function installedVersion(): number {
  try {
    const text = execFileSync('systemctl', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(/^systemd (\d+)/.exec(text)?.[1] ?? USUAL);
  } catch {
    return USUAL;
  }
}
