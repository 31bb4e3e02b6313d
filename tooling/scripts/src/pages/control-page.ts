import { COMMON_EXITS, verbs } from '@gunicorn-ts/control';
import { VERBS, type VerbName } from '@gunicorn-ts/interface';
import { page, sentence, table } from './page.ts';

const FINDING = [
  'Each command finds its server by itself:',
  '',
  '1. `-s PATH`, `--control-socket PATH`: by its control socket;',
  '2. `-p FILE`, `--pid FILE`: by its pid file, or by a process id;',
  '3. `-c FILE`, `--config FILE`: by its configuration file, whose folder counts as the one that the server was started in;',
  '4. else the server that was started in this folder, or the one that the `gunicorn.conf.*` of this folder belongs to;',
  '5. else the only one that runs. When there are several they are listed, with exit code 2; and `stop` ends none of another folder that is not named.',
].join('\n');

const ANSWERS =
  'A command that changes something waits for the outcome, says it, and exits by it; how it goes on is told on stderr. `--json` prints the outcome as JSON, a refusal too. `--timeout SECONDS` ends the wait, not what was begun. A server without a control socket is sent the signal that means the same, where there is one; whether it has stopped can be seen, any other outcome is in its log alone.';

const SOCKET = [
  '## The socket',
  'Where the settings do not name one (`controlSocket`), the socket is a file `NAME.PID.sock` in the first of these folders that can be used: `$RUNTIME_DIRECTORY/gunicorn`, `$XDG_RUNTIME_DIR/gunicorn`, `/run/gunicorn` (of root), `$TMPDIR/gunicorn-UID`, `/tmp/gunicorn-UID`. The folder is made with mode 0700; one that belongs to somebody else, that others may write to, or that is a link, is not used. When none can be used there is no socket, which is worth a line at level `debug` and nothing else: nobody asked for it. A place that the settings name is meant, and when it cannot be used the server does not start.',
  'A socket that another server answers at is never taken over; one that nobody answers at is what a killed server left behind, and is replaced. During an [upgrade](operating.md) both arbiters have one: in our own folder each by its process id, at a named path the second one has `PATH.2` until the first has left. Workers never have it.',
].join('\n\n');

const RIGHTS = [
  '## Who may do what',
  'The kernel says who is at the other end (`SO_PEERCRED`). Root and the user that the arbiter runs as may do everything: they could send it signals as well, so the socket gives them no new power. Anybody else whom `controlSocketMode` lets in may look, and change nothing. The default, `0600`, lets nobody else in; with `--control-socket-mode 0660` the group of the arbiter may look. Workers that run as another user (`--user`) are not let in by the default. Whoever asks for a change stands in the log: `Asked by uid 0, pid 4711: reload`.',
  'What is shown holds no values of the environment, no keys and no headers.',
].join('\n\n');

const BOUNDS =
  'A client can cost the server little: 16 of them at a time, of which 8 may be ones that only look; a request of at most 64 KB, which must arrive within 5 s of its first byte; 100 requests a second, the rest wait; an answer that is not read for 5 s, or a connection without a request for 300 s, is the end of it; when all places are taken and another client comes, so is a second of silence, for the one that has been silent the longest. Workers never notice any of it.';

const PROTOCOL = [
  '## The protocol',
  "It is that of Gunicorn 27, whose `gunicornc -s PATH` works: a message is its length in four bytes, the highest first, and JSON. A request is `{ id, command, args }`, an answer `{ id, status: 'ok', data }` or `{ id, status: 'error', error }`. As in Gunicorn `show all|workers|dirty|config|stats|listeners`, `worker add|remove [N]`, `worker kill PID`, `reload`, `reopen`, `shutdown [graceful|quick]` and `help` are answered at once. `worker kill` starts another worker first here.",
  'With `stream: true`, `reload`, `scale`, `restart-worker`, `stop` and `upgrade` take an object of named `args` and are answered by several messages of one `id`: those with `data.progress` say how it goes on, the last has `end: true` and the outcome. `hello` says which server answers and what its client may do, `status` and `settings` what the commands show.',
].join('\n\n');

/** The reference page of commands for a running server. */
export function renderControlPage(): string {
  const names = Object.keys(VERBS) as VerbName[];
  const rows = names.map((name) => {
    const { operands, options = [], exits } = verbs[name];
    const flags = options.map(
      ({ name: flag, metavar }) => `\`--${flag}${metavar === undefined ? '' : ` ${metavar}`}\``,
    );
    const codes = Object.entries(exits).map(([code, meaning]) => `${code}: ${meaning}`);
    const words = `gunicorn ${name}${operands === undefined ? '' : ` ${operands}`}`;
    return [`\`${words}\``, sentence(VERBS[name]), flags.join(', '), codes.join('; ')];
  });
  const common = Object.entries(COMMON_EXITS).map(([code, meaning]) => [code, sentence(meaning)]);
  return page(
    'Ask a running server',
    'These commands speak to a server that runs, over a socket that it listens on for that. `gunicorn COMMAND --help` says what each takes.',
    table(['command', 'does', 'flags of its own', 'exit codes'], rows),
    'All of them have, beside those:',
    table(['exit code', 'meaning'], common),
    FINDING,
    ANSWERS,
    'An application that is called as a command is named `./status.ts` or `status:app`.',
    SOCKET,
    RIGHTS,
    BOUNDS,
    PROTOCOL,
  );
}
