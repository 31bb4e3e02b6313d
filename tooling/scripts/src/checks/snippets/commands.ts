/** One command of a shell script, without redirections and what stands before it in its environment. */
export interface Command {
  /** How many lines of the script stand before it. */
  readonly offset: number;
  readonly words: readonly string[];
}

const END = new Set(['&&', '||', '|', ';', '&']);

/** The simple commands of a script, as a reader of the page would type them. */
export function commandsOf(script: string): readonly Command[] {
  const commands: Command[] = [];
  // A line that goes on keeps the number of its first one.
  const lines = script.replaceAll(/\\\n/g, '\u0001').split('\n');
  let offset = 0;
  for (const line of lines) {
    for (const words of simpleCommands(line.replaceAll('\u0001', ' '))) commands.push({ offset, words });
    offset += line.split('\u0001').length;
  }
  return commands;
}

function simpleCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const word of wordsOf(line.replaceAll(/\d?>&\d/g, ''))) {
    if (END.has(word)) commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands
    .map((words) => {
      const redirected = words.findIndex((word) => /^\d?[<>]/.test(word));
      const own = redirected < 0 ? words : words.slice(0, redirected);
      const first = own.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
      return first < 0 ? [] : own.slice(first);
    })
    .filter((words) => words.length > 0);
}

/** Words as a shell takes them; what a command substitution holds is one word. */
function wordsOf(line: string): readonly string[] {
  const words = line.matchAll(
    /(?:[^\s"'$;|&#]|"(?:\$\([^)]*\)|[^"])*"|'[^']*'|\$\([^)]*\)|\$|(?<=\S)#)+|&&|\|\||[;|&]|(?:^|\s)#.*/g,
  );
  return [...words]
    .map(([word]) => word.trim())
    .filter((word) => !word.startsWith('#'))
    .map(unquoted);
}

function unquoted(word: string): string {
  return word.replaceAll(
    /"([^"]*)"|'([^']*)'/g,
    (_, double?: string, single?: string) => double ?? single ?? '',
  );
}

/** The arguments of this project's command, or `undefined` for another one. */
export function gunicornArguments(words: readonly string[]): readonly string[] | undefined {
  const [program = '', second, third] = words;
  if (/(?:^|\/)gunicorn(?:-ts)?$/.test(program)) return words.slice(1);
  if (program === 'npx' && second === 'gunicorn') return words.slice(2);
  return second === '-m' && third === 'gunicorn_ts' ? words.slice(3) : undefined;
}
