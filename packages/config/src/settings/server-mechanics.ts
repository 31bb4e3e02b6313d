import { defineSection, type Definitions } from '../definition.ts';
import { account, optionalText, pairs, permissionBits, text, texts, yesOrNo } from '../value.ts';

type Keys =
  | 'preloadApp'
  | 'chdir'
  | 'daemon'
  | 'enableStdioInheritance'
  | 'envFile'
  | 'rawEnv'
  | 'pidfile'
  | 'workerTmpDir'
  | 'user'
  | 'group'
  | 'umask'
  | 'initgroups';

export const serverMechanicsSettings: Definitions<Keys> = defineSection('Server Mechanics', {
  preloadApp: {
    describe:
      'Load the application once in a process of its own before any worker starts, at every start and reload: an application that cannot load stops there, and its compiled code is cached for the workers. Node cannot fork, so memory is not shared.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--preload'], kind: 'switch' },
    example: 'true',
  },
  chdir: {
    describe: 'Change to this directory before anything is loaded.',
    default: '.',
    defaultText: 'the current directory',
    // As Gunicorn takes an empty one.
    parse: (value) => (value === '' ? '.' : text(value)),
    flag: { names: ['--chdir'], kind: 'value', metavar: 'DIR' },
    takesEffect: 'restart',
    example: `'/srv/app'`,
  },
  enableStdioInheritance: {
    describe: 'With `daemon`: keep the standard output and error that are no terminal.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--enable-stdio-inheritance'], short: '-R', kind: 'switch' },
    takesEffect: 'restart',
    example: 'true',
  },
  daemon: {
    describe: 'Run in the background, detached from the terminal.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--daemon'], short: '-D', kind: 'switch' },
    takesEffect: 'restart',
    example: 'true',
  },
  envFile: {
    describe:
      'Files with lines `NAME=VALUE` for the environment, as `node --env-file` reads them: what the environment has already wins, and of several files the last. Read again at each reload.',
    default: [],
    parse: texts,
    isPath: true,
    flag: { names: ['--env-file'], kind: 'repeatable', metavar: 'FILE' },
    example: `['.env']`,
  },
  rawEnv: {
    describe: '`NAME=VALUE` pairs to set in the environment.',
    default: [],
    parse: pairs,
    flag: { names: ['--env'], short: '-e', kind: 'repeatable', metavar: 'NAME=VALUE' },
    example: `['NODE_ENV=production']`,
  },
  pidfile: {
    describe: "File to write the arbiter's process id to.",
    default: undefined,
    parse: optionalText,
    isPath: true,
    flag: { names: ['--pid'], short: '-p', kind: 'value', metavar: 'FILE' },
    takesEffect: 'restart',
    example: `'/run/app/gunicorn.pid'`,
  },
  workerTmpDir: {
    describe: 'Directory to try first for files that the server needs for itself.',
    default: undefined,
    defaultText:
      'memory, or the first usable of `$RUNTIME_DIRECTORY`, `$XDG_RUNTIME_DIR`, `/dev/shm`, `$TMPDIR`, `/tmp`, `/var/tmp`',
    parse: optionalText,
    isPath: true,
    flag: { names: ['--worker-tmp-dir'], kind: 'value', metavar: 'DIR' },
    example: `'/dev/shm'`,
  },
  user: {
    describe: 'User that workers run as: a name or an id.',
    default: undefined,
    defaultText: 'whoever started the server',
    parse: account,
    flag: { names: ['--user'], short: '-u', kind: 'value', metavar: 'USER' },
    example: `'www-data'`,
  },
  group: {
    describe: 'Group that workers run as: a name or an id.',
    default: undefined,
    defaultText: 'the primary group of `user`, or of whoever started the server',
    parse: account,
    flag: { names: ['--group'], short: '-g', kind: 'value', metavar: 'GROUP' },
    example: `'www-data'`,
  },
  umask: {
    describe: 'Permission bits to leave out of unix sockets; `0o077` or `"077"`.',
    default: 0,
    parse: permissionBits,
    flag: { names: ['--umask'], short: '-m', kind: 'value', metavar: 'OCTAL' },
    example: `'077'`,
  },
  initgroups: {
    describe: 'Give workers the supplementary groups of `user`.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--initgroups'], kind: 'switch' },
    example: 'true',
  },
});
