import { defineSection, type Definitions } from '../definition.ts';
import { oneOf, texts, yesOrNo } from '../value.ts';

type Keys = 'reload' | 'reloadEngine' | 'reloadExtraFiles' | 'checkConfig' | 'printConfig';

export const debuggingSettings: Definitions<Keys> = defineSection('Debugging', {
  reload: {
    describe: 'Restart workers when a file they loaded changes. For development.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--reload'], kind: 'switch' },
    example: 'true',
  },
  reloadEngine: {
    describe: 'How changes are noticed: `inotify` asks the kernel, `poll` looks every second, `auto` picks.',
    default: 'auto',
    parse: oneOf(['auto', 'poll', 'inotify']),
    flag: { names: ['--reload-engine'], kind: 'value', metavar: 'ENGINE' },
    example: `'poll'`,
  },
  reloadExtraFiles: {
    describe: 'Further files to watch; patterns with `*`, `?` and `[` are allowed.',
    default: [],
    parse: texts,
    isPath: true,
    flag: { names: ['--reload-extra-file'], kind: 'repeatable', metavar: 'FILE' },
    example: `['views/*.html']`,
  },
  checkConfig: {
    describe: 'Check the settings, load the application in a process of its own, and exit.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--check-config'], kind: 'switch' },
    takesEffect: 'restart',
    example: 'true',
  },
  printConfig: {
    describe: 'Print every setting with its value and where it came from, check, and exit.',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--print-config'], kind: 'switch' },
    takesEffect: 'restart',
    example: 'true',
  },
});
