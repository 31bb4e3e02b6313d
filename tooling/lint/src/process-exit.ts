import { dottedName, placeOf, type Rule } from './rule.ts';

/** The two programs; everything else is a library and must let its caller decide. */
const PROGRAMS = /\/packages\/(gunicorn\/src\/bin|worker-host\/src\/main)\.ts$/;

/** Only the entries of the command and of the worker host end the process. */
export const processExit: Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place?.top !== 'packages' || place.part !== 'src' || PROGRAMS.test(context.filename)) return {};
    return {
      CallExpression(node) {
        if (dottedName(node['callee']) !== 'process.exit') return;
        context.report({
          node,
          message:
            'only the entries of the command and of the worker host end the process; throw an OperatorError with an exitCode, or return the exit code',
        });
      },
    };
  },
};
