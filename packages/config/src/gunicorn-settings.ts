import type { FlagKind } from '@gunicorn-ts/interface';

/** A setting of Gunicorn that has no counterpart here. */
export interface AbsentSetting {
  /** Gunicorn's name, as it stands in `gunicorn.conf.py`. */
  readonly name: string;
  readonly flags: readonly string[];
  readonly short?: string;
  readonly kind: FlagKind;
  /** Why it is absent, or what to use in its place. Completes "NAME has no effect here: …". */
  readonly because: string;
  /** Values that ask for what is so anyway; `any` when it does not matter what is asked for. */
  readonly harmless: readonly unknown[] | 'any';
  /** Set where going on without it would not be the server that was asked for: a flag is then refused, with this cure. */
  readonly refusal?: string;
}

type Entry = Omit<AbsentSetting, 'name' | 'kind' | 'flags' | 'harmless'> & {
  readonly flags?: readonly string[];
  readonly kind?: FlagKind;
  readonly harmless?: readonly unknown[] | 'any';
};

const REMOVE = 'remove it';
/** Why a setting of Python is absent. */
export const PYTHON_PACKAGE = 'it belongs to Python applications, which need the package @gunicorn-ts/python';
const INSTALL = 'npm install @gunicorn-ts/python; a JavaScript application does without it';

/** Nothing here does what they are about, and nothing is missing. */
function idle(because: string, kind: FlagKind, ...flags: readonly string[]): Entry {
  return { flags, kind, because, harmless: 'any' };
}

/** Of no effect, and whoever gives one is told. */
function ignored(because: string, kind: FlagKind, ...flags: readonly string[]): Entry {
  return { flags, kind, because };
}

function refused(because: string, kind: FlagKind, ...flags: readonly string[]): Entry {
  return { flags, kind, because, refusal: REMOVE };
}

const DIRTY = 'there are no dirty workers';
const UWSGI = 'the uwsgi protocol is not understood';
const PASTE = 'Paste files are not read';
const PASTE_CURE =
  'write the two lines of a wsgi.py: from paste.deploy import loadapp; application = loadapp("config:/path/to/file.ini"), and name wsgi:application';

const entries: Readonly<Record<string, Entry>> = {
  // Node's own ways need none of these.
  sendfile: idle('the application sends its files itself', 'switch', '--no-sendfile'),
  tmp_upload_dir: idle('Gunicorn never read it either', 'value'),
  http_parser: idle('there is one parser', 'value', '--http-parser'),
  suppress_ragged_eofs: idle(`Node's TLS decides`, 'switch', '--suppress-ragged-eofs'),
  do_handshake_on_connect: idle(`Node's TLS decides`, 'switch', '--do-handshake-on-connect'),
  ssl_version: ignored(`Node's TLS decides; Gunicorn ignores it too`, 'value', '--ssl-version'),
  spew: ignored('nothing traces the interpreter; use python -m trace', 'switch', '--spew'),
  default_proc_name: { because: 'use procName', harmless: ['gunicorn'] },

  protocol: { ...refused(UWSGI, 'value', '--protocol'), harmless: ['http'] },
  uwsgi_allow_ips: idle(UWSGI, 'value', '--uwsgi-allow-from'),

  paste: { flags: ['--paste', '--paster'], because: PASTE, refusal: PASTE_CURE },
  raw_paste_global_conf: { ...refused(PASTE, 'repeatable', '--paste-global'), refusal: PASTE_CURE },

  dirty_apps: refused(DIRTY, 'repeatable', '--dirty-app'),
  dirty_workers: ignored(DIRTY, 'value', '--dirty-workers'),
  dirty_timeout: idle(DIRTY, 'value', '--dirty-timeout'),
  dirty_threads: idle(DIRTY, 'value', '--dirty-threads'),
  dirty_graceful_timeout: idle(DIRTY, 'value', '--dirty-graceful-timeout'),
  on_dirty_starting: { because: DIRTY },
  dirty_post_fork: { because: DIRTY },
  dirty_worker_init: { because: DIRTY },
  dirty_worker_exit: { because: DIRTY },

  // Settings of @gunicorn-ts/python: they are absent where it is not installed.
  threads: { flags: ['--threads'], because: PYTHON_PACKAGE, refusal: INSTALL, harmless: [1, '1', '0'] },
  pythonpath: { flags: ['--pythonpath'], because: PYTHON_PACKAGE, refusal: INSTALL },
  logconfig: { flags: ['--log-config'], because: PYTHON_PACKAGE, refusal: INSTALL },
  logconfig_json: { flags: ['--log-config-json'], because: PYTHON_PACKAGE, refusal: INSTALL },
  logconfig_dict: { because: PYTHON_PACKAGE, refusal: INSTALL },
  root_path: { flags: ['--root-path'], because: PYTHON_PACKAGE },
  websocket_max_message_size: idle(PYTHON_PACKAGE, 'value', '--websocket-max-message-size'),
  asgi_loop: idle(PYTHON_PACKAGE, 'value', '--asgi-loop'),
  asgi_lifespan: idle(PYTHON_PACKAGE, 'value', '--asgi-lifespan'),
  asgi_disconnect_grace_period: idle(PYTHON_PACKAGE, 'value', '--asgi-disconnect-grace-period'),
};

/** Gunicorn's settings that have no counterpart, by Gunicorn's name. */
export const ABSENT_GUNICORN_SETTINGS: ReadonlyMap<string, AbsentSetting> = new Map(
  Object.entries(entries).map(([name, entry]) => [
    name,
    { flags: [], kind: 'value' as const, harmless: [], ...entry, name },
  ]),
);

/** Such a setting by Gunicorn's name, or by that of its flag with underscores. */
export function findAbsent(name: string): AbsentSetting | undefined {
  const flag = `--${name.replaceAll('_', '-')}`;
  return (
    ABSENT_GUNICORN_SETTINGS.get(name) ??
    [...ABSENT_GUNICORN_SETTINGS.values()].find(({ flags }) => flags.includes(flag))
  );
}

/** Whether a value asks for nothing that is not so anyway: an empty one never does. */
export function asksForNothing({ harmless }: AbsentSetting, value: unknown): boolean {
  if (harmless === 'any' || harmless.includes(value)) return true;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === false || value === '' || value === 0 || value === '0';
}
