import { execFile } from 'node:child_process';
import { setTimeout as rest } from 'node:timers/promises';
import { COMMAND, eventually, Server } from '@gunicorn-ts/test-kit';

/**
 * `pnpm rehearsal:verbs`: what operators type, against a server of two workers, and how long after its outcome each
 * command says so. Ends with 1 when one takes longer than a second more.
 */
const LIMIT_MS = 1000;
const ROUNDS = 3;
const app = (text: string): string => `export default (req, res) => res.end(${JSON.stringify(text)});`;

interface Verb {
  readonly words: readonly string[];
  /** Resolves at the outcome, as others can see it; without one the command itself is the outcome. */
  readonly outcome?: () => Promise<unknown>;
  readonly code: number;
}

await main();

async function main(): Promise<void> {
  const late: string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const server = new Server({
      files: { 'app.ts': app('first') },
      args: ['app.ts', '-w', '2', '--log-level', 'debug'],
    });
    try {
      await server.started('answering');
      await server.waitFor('is ready', { times: 2 });
      for (const verb of verbsOf(server)) {
        const { ms, isRight } = await timed(server, verb);
        const line = `${verb.words.join(' ').padEnd(10)} ${ms.toFixed(0).padStart(5)} ms behind the outcome${isRight ? '' : ', with another exit code than expected'}`;
        process.stdout.write(`${line}\n`);
        if (ms > LIMIT_MS || !isRight) late.push(line);
      }
    } finally {
      await server.remove();
    }
  }
  process.stdout.write(
    late.length === 0 ? 'All within a second.\n' : `LATE, or wrong:\n${late.join('\n')}\n`,
  );
  process.exitCode = late.length === 0 ? 0 : 1;
}

function verbsOf(server: Server): readonly Verb[] {
  const write = (text: string): void => server.folder.write('app.ts', text);
  const replaced = (): Promise<void> => {
    const old = server.workers();
    return seen(() => !server.workers().some((pid) => old.includes(pid)));
  };
  const booted = (count: number): Promise<void> => {
    const from = server.lines.length;
    return seen(() => server.matching(/is ready/, from).length >= count);
  };
  return [
    { words: ['status'], code: 0 },
    { words: ['ps'], code: 0 },
    {
      words: ['reload'],
      code: 0,
      outcome: () => (write(app('second')), replaced()),
    },
    {
      words: ['reload'],
      code: 1,
      outcome: () => (write('throw new Error("broken");'), server.waitFor(/broken/)),
    },
    // With the old release put back: further workers load what is there now.
    { words: ['scale', '4'], code: 0, outcome: () => (write(app('second')), booted(2)) },
    { words: ['scale', '2'], code: 0, outcome: () => seen(() => server.workers().length === 2) },
    { words: ['stop'], code: 0, outcome: () => server.exit },
  ];
}

/** From the outcome, or without one from the start of the command, to its end. */
async function timed(
  server: Server,
  { words, outcome, code }: Verb,
): Promise<{ ms: number; isRight: boolean }> {
  let since = performance.now();
  const reached = outcome?.().then(() => (since = performance.now()));
  const ended = await new Promise<number>((resolve) => {
    execFile(process.execPath, [COMMAND, ...words], { cwd: server.folder.path }, (error) =>
      resolve(error === null ? 0 : Number(error.code ?? -1)),
    );
  });
  const at = performance.now();
  await reached;
  return { ms: Math.max(0, at - since), isRight: ended === code };
}

/** Looks a hundred times a second. */
async function seen(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(async () => {
    if (await isSo()) return true;
    await rest(10);
    return false;
  });
}
