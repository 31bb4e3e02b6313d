import { defineSection, type Definitions } from '../definition.ts';
import { optionalText } from '../value.ts';

export const processNamingSettings: Definitions<'procName'> = defineSection('Process Naming', {
  procName: {
    describe: 'Name in the process titles, `gunicorn: master [NAME]`.',
    default: undefined,
    defaultText: 'the application',
    parse: optionalText,
    flag: { names: ['--name'], short: '-n', kind: 'value', metavar: 'NAME' },
    takesEffect: 'restart',
    example: `'shop'`,
  },
});
