import { APPLICATION_KINDS } from '@gunicorn-ts/interface';
import { defineSection, type Definitions } from '../definition.ts';
import { oneOf, optionalText } from '../value.ts';

export const applicationSettings: Definitions<'app' | 'applicationKind'> = defineSection('Config File', {
  app: {
    describe:
      'The application: `MODULE:EXPORT`, `MODULE` or `MODULE:factory("x", 2)`, where MODULE is a path or a package. The command line\'s positional argument wins over it. Gunicorn: `wsgi_app`.',
    default: undefined,
    parse: optionalText,
    example: `'./app.ts:app'`,
  },
  applicationKind: {
    describe: 'What the application is, when guessing goes wrong.',
    default: undefined,
    defaultText: 'by its shape',
    parse: (value) => (value === undefined ? undefined : oneOf(APPLICATION_KINDS)(value)),
    flag: { names: ['--application-kind'], kind: 'value', metavar: 'KIND' },
    example: `'fetch'`,
  },
});
