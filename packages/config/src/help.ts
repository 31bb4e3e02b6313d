import { type SettingDefinition, VERBS } from '@gunicorn-ts/interface';
import { describeDefault } from './definition.ts';
import { COMMAND_OPTIONS, type Flag } from './flag.ts';
import { sectionsOf } from './section.ts';

const USAGE = [
  'usage: gunicorn [OPTIONS] [APP_MODULE]',
  '       gunicorn export KIND [...]   writes units, images, manifests',
  '       gunicorn init [APP_MODULE]',
  '       gunicorn migrate gunicorn.conf.py',
  '       gunicorn verify [--report FILE] [OPTIONS] [APP_MODULE]',
  '       gunicorn health [--live] [--admin-bind ADDRESS]',
  '       gunicorn COMMAND [...]   speaks to a running server',
].join('\n');
const INDENT = 24;
const NARROWEST = 60;
const WIDEST = 110;
/** A note of so many characters stays on one line; a longer one at least its first word. */
const LONGEST_UNBROKEN = 24;
const UNBROKEN_SPACE = '\u00a0';

/**
 * The text of `--help`: every flag by section, with its sentence and default, wrapped to the terminal.
 * @param columns Width in characters. Default: the environment's `COLUMNS`, the terminal's, or 80.
 */
export function renderHelp(
  definitions: readonly SettingDefinition[],
  columns: number = terminalWidth(),
): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const intro = [
    USAGE,
    '',
    ...wrap(
      'APP_MODULE is the application: a file or package, and after a colon the name it is exported by, as in ' +
        'app.ts, dist/server.js:app or ./app.ts:create("x"). Settings may also stand in gunicorn.conf.ts (camelCase) ' +
        'and in GUNICORN_CMD_ARGS; a flag wins over both.',
      width,
    ),
  ];
  const options = COMMAND_OPTIONS.flatMap((flag) =>
    renderFlag(flag, plain(flag.option?.describe ?? ''), width),
  );
  const withFlags = definitions.filter(({ flag }) => flag !== undefined);
  const sections = sectionsOf(withFlags).flatMap(({ section, members }) => {
    return ['', `${section}:`, ...members.flatMap((definition) => renderSetting(definition, width))];
  });
  const commands = Object.entries(VERBS).flatMap(([name, does]) => definition(`  ${name}`, does, width));
  const end = [
    '',
    ...wrap('gunicorn --print-config shows each setting, its value and where it came from.', width),
  ];
  const running = [
    '',
    'Commands for a running server (gunicorn COMMAND --help says more):',
    ...commands,
    ...wrap('An application of such a name is written ./status.ts or status:app.', width),
  ];
  return [...intro, ...running, '', 'Options:', ...options, ...sections, ...end].join('\n');
}

function terminalWidth(): number {
  return Number(process.env['COLUMNS']) || process.stdout.columns || 80;
}

function renderSetting(definition: SettingDefinition, width: number): string[] {
  const { flag, key } = definition;
  if (flag === undefined) return [];
  const repeated = flag.kind === 'repeatable' ? ' May be repeated.' : '';
  const text = plain(definition.describe);
  if (flag.sets === false) {
    const without = `Without it: ${text.charAt(0).toLowerCase()}${text.slice(1)} [sets ${key} to false]`;
    return renderFlag({ key, ...flag }, without, width);
  }
  const note = `[default: ${plain(describeDefault(definition))}]`;
  const blank = note.length <= LONGEST_UNBROKEN ? / /g : / /;
  const kept = note.replace(blank, UNBROKEN_SPACE);
  return renderFlag({ key, ...flag }, `${text}${repeated} ${kept}`, width);
}

function renderFlag(flag: Flag, text: string, width: number): string[] {
  const metavar = flag.metavar ?? 'VALUE';
  const value = flag.kind === 'switch' ? '' : flag.alone === undefined ? ` ${metavar}` : ` [${metavar}]`;
  const spellings = [...(flag.short === undefined ? [] : [flag.short]), ...flag.names];
  return definition(`  ${spellings.join(', ')}${value}`, text, width);
}

/** A term, and what it means beside it, or below when the term is long. */
function definition(head: string, text: string, width: number): string[] {
  const body = wrap(text, width - INDENT).map((line) => ' '.repeat(INDENT) + line);
  const [first = '', ...rest] = body;
  if (head.length + 2 > INDENT) return [head, ...body];
  return [head.padEnd(INDENT) + first.trimStart(), ...rest];
}

/** Terminals show no Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((full) => full.replaceAll(UNBROKEN_SPACE, ' '));
}
