import { VERBS, type VerbName } from '@gunicorn-ts/interface';
import { COMMON_OPTIONS } from './arguments.ts';
import { verbs } from './verb-table.ts';
import type { VerbOption } from './verb.ts';

const INDENT = 26;
const WIDTH = 100;

/** Exit codes that every verb has. Also for the reference page. */
export const COMMON_EXITS: Readonly<Record<number, string>> = {
  2: 'the words were not understood, or several servers could be meant',
  3: 'no server runs that could be meant',
  4: 'it lets this user not in, or has no control socket',
};

/** The text of `gunicorn VERB --help`. */
export function verbHelp(name: VerbName): string {
  const { operands, options = [], more, exits } = verbs[name];
  const codes = Object.entries({ ...exits, ...COMMON_EXITS });
  return [
    `usage: gunicorn ${name} [OPTIONS]${operands === undefined ? '' : ` ${operands}`}`,
    '',
    ...wrap(`${VERBS[name]}.`, 0),
    ...(more === undefined ? [] : ['', ...wrap(more, 0)]),
    '',
    'Without -p, -s or -c the server is meant that was started in this folder, or else the only one that runs.',
    '',
    'Options:',
    ...[...options, ...COMMON_OPTIONS].flatMap(optionLines),
    '',
    'Exit codes:',
    ...codes.map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}

function optionLines({ name, short, metavar, describe }: VerbOption): readonly string[] {
  const spelling = `  ${short === undefined ? '' : `-${short}, `}--${name}${metavar === undefined ? '' : ` ${metavar}`}`;
  const [first = '', ...rest] = wrap(describe, INDENT);
  if (spelling.length + 2 > INDENT) return [spelling, first, ...rest];
  return [spelling.padEnd(INDENT) + first.trimStart(), ...rest];
}

function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one);
}
