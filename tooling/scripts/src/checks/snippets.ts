import { spawnSync } from 'node:child_process';
import type { Finding } from '../finding.ts';
import { committedFiles, read } from '../workspace.ts';
import { complaintAbout } from './snippets/command-check.ts';
import { commandsOf, gunicornArguments } from './snippets/commands.ts';
import { inlineCommands, type Snippet, snippetsOf } from './snippets/snippet.ts';
import { typeCheckSnippets } from './snippets/type-check.ts';

/** Programs that pages may have people start. A name that is not here is a slip of the pen, or wants to be thought about. */
const PROGRAMS = new Set(
  `. a2enmod a2ensite adduser apachectl apt-get cd cp curl docker helm journalctl kill kubectl ln logrotate mkdir mv nginx
  node npm npx openssl pip pnpm printf ps python python3 rm rsync source sudo supervisorctl systemctl systemd-analyze
  tail test uv vegeta wrk yarn fly promtool prometheus curl
  venv/bin/pip venv/bin/python venv/bin/django-admin`.split(/\s+/),
);

/** Pages whose code people copy. */
function pages(): readonly string[] {
  return committedFiles().filter(
    (path) =>
      path.endsWith('.md') &&
      !path.startsWith('.changeset/') &&
      !/(?:^|\/)CHANGELOG\.md$/.test(path) &&
      /^(?:[^/]+|docs\/[^/]+|(?:packages|examples)\/[^/]+\/README\.md|tooling\/wheel\/python\/README\.md)$/.test(
        path,
      ),
  );
}

/** Code in pages holds: types are checked, Python and shells parse it, and the command takes the flags that it is given. */
export async function checkSnippets(): Promise<readonly Finding[]> {
  const all = pages().flatMap((page) => {
    const text = read(page);
    return [...snippetsOf(page, text), ...inlineCommands(page, text)];
  });
  const inTypeScript = all.filter(({ language }) => language === 'ts');
  return [
    ...(await typeCheckSnippets(inTypeScript)),
    ...(await checkShell(all.filter(({ language }) => language === 'sh'))),
    ...all.filter(({ language }) => language === 'python').flatMap(checkPython),
    ...all.filter(({ language }) => language === 'json').flatMap(checkJson),
  ];
}

async function checkShell(snippets: readonly Snippet[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { page, line, text } of snippets) {
    for (const { offset, words } of commandsOf(text)) {
      const where = `${page}:${line + offset}`;
      const argv = gunicornArguments(words);
      const complaint = argv === undefined ? strangeProgram(words) : await complaintAbout(argv);
      if (complaint !== undefined)
        findings.push({ where, what: complaint, cure: `correct the command: ${words.join(' ')}` });
    }
  }
  return findings;
}

function strangeProgram([program = '']: readonly string[]): string | undefined {
  const known =
    PROGRAMS.has(program) || PROGRAMS.has(program.replace(/^.*\/(?=(?:venv\/)?bin\/|[^/]+$)/, ''));
  return known ? undefined : `nobody knows the program '${program}'`;
}

function checkPython({ page, line, text }: Snippet): readonly Finding[] {
  const { status, stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
    input: text,
    encoding: 'utf8',
  });
  // Where there is no Python the other checks still count.
  if (status === null || status === 0) return [];
  const what = stderr.trim().split('\n').at(-1) ?? '';
  return [{ where: `${page}:${line}`, what, cure: 'correct the code in the page' }];
}

function checkJson({ page, line, text }: Snippet): readonly Finding[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [{ where: `${page}:${line}`, what: (error as Error).message, cure: 'correct it' }];
  }
}
