import fs from 'node:fs';
import { processStat } from '@gunicorn-ts/posix';

/**
 * Whether this process belongs to a terminal now. The kernel sends WINCH to all that is in the foreground there when
 * its size changes: in a shell, under tmux, and with `docker run -t`. Without one it can only be meant.
 */
export function hasControllingTerminal(): boolean {
  return terminalNumber() ?? opensTerminal();
}

/** A container need not have `/dev/tty`. `undefined` where there is no /proc. */
function terminalNumber(): boolean | undefined {
  const stat = processStat('self');
  return stat && stat.terminal !== 0;
}

function opensTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/tty', fs.constants.O_RDONLY | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}
