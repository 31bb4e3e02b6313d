import { defineSection, type Definitions } from '../definition.ts';
import { optionalText, permissionBits, yesOrNo } from '../value.ts';

type Keys = 'controlSocket' | 'controlSocketMode' | 'controlSocketDisable';

/** Gunicorn takes decimal digits for a number, in which nobody writes permissions; `600` is meant to be octal. */
function socketMode(value: unknown): number {
  return permissionBits(typeof value === 'string' && /^[1-7][0-7]{2}$/.test(value) ? `0${value}` : value);
}

export const controlSettings: Definitions<Keys> = defineSection('Control', {
  controlSocket: {
    describe:
      'Unix socket on which the server takes orders: `gunicorn status`, `gunicorn reload` and the like, and `gunicornc`.',
    default: undefined,
    defaultText:
      'a file in the first usable of `$RUNTIME_DIRECTORY/gunicorn`, `$XDG_RUNTIME_DIR/gunicorn`, `/run/gunicorn` (of root), `/tmp/gunicorn-UID`',
    parse: optionalText,
    isPath: true,
    flag: { names: ['--control-socket'], kind: 'value', metavar: 'PATH' },
    takesEffect: 'restart',
    example: `'/run/app/control.sock'`,
  },
  controlSocketMode: {
    describe:
      "Permission bits of the control socket. Whoever they let in may look; only root and the server's user may change anything.",
    default: 0o600,
    defaultText: '`0600`',
    parse: socketMode,
    flag: { names: ['--control-socket-mode'], kind: 'value', metavar: 'OCTAL' },
    takesEffect: 'restart',
    example: `'0660'`,
  },
  controlSocketDisable: {
    describe: 'Have no control socket.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--no-control-socket'], kind: 'switch' },
    takesEffect: 'restart',
    example: 'true',
  },
});
