import fs from 'node:fs';

/**
 * Whether this process belongs to a terminal now. The kernel sends WINCH to all that is in the foreground there when
 * its size changes: in a shell, under tmux, and with `docker run -t`. Without one it can only be meant.
 */
export function hasControllingTerminal(): boolean {
  return terminalNumber() ?? opensTerminal();
}

/** `tty_nr` of proc(5); a container need not have `/dev/tty`. `undefined` where there is no /proc. */
function terminalNumber(): boolean | undefined {
  try {
    // Behind the command's name, which may hold anything: `pid (comm) state ppid pgrp session tty_nr …`.
    const fields = fs
      .readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[4] === undefined ? undefined : fields[4] !== '0';
  } catch {
    return undefined;
  }
}

function opensTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/tty', fs.constants.O_RDONLY | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}
