import { ABSENT_GUNICORN_SETTINGS, PYTHON_PACKAGE } from './gunicorn-settings.ts';
import { keyOfGunicornName } from './python-meaning.ts';
import { builtinDefinitions } from './registry.ts';

/** What becomes of a setting or hook of Gunicorn. */
export interface GunicornVerdict {
  /** `silent` must not occur: a test looks for it. */
  readonly verdict: 'honoured' | 'honoured, with a difference' | 'accepted' | 'named' | 'refused' | 'silent';
  readonly note: string;
}

const WITH_PYTHON = 'with @gunicorn-ts/python';

/** Of settings and hooks that are honoured, what is different. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  access_log_format: 'client text is escaped',
  accesslog: 'written by the server, unless Python is asked for it',
  backlog: 'each worker takes from the one queue of the kernel',
  control_socket:
    'another default place, and its folder is not made for everybody; the second arbiter of an upgrade has `PATH.2`',
  control_socket_mode: 'other users may look, and change nothing; `0o600` and `600` are octal',
  errorlog: 'an entry of several lines is set in',
  forwarder_headers: '`*` is any name',
  group: 'by name or number; the Python process changes with its worker',
  http2_cleartext:
    '`upgrade` and `both` are refused; HTTP/1 is served beside it where `http_protocols` names it',
  http2_initial_window_size: 'the connection has a window of its own, of 1 MiB at least',
  http_protocols: '`http/1.1` is `h1`, too; worker class `event`',
  keepalive: '`sync` keeps no connection, as in Gunicorn',
  limit_request_field_size: '0 is no limit',
  limit_request_line: '0 is no limit, and there is no upper bound',
  logger_class: 'a class in Python for Python applications, a module for others',
  on_starting: 'what it sets by `server.cfg.set` counts for the start',
  post_request: 'called in the Python process',
  pre_request: 'called in the Python process',
  secure_scheme_headers: 'names are found in any spelling',
  ssl_context: 'TLS ends in Node.js: what can be said in settings is read from the context',
  syslog: 'an entry of several lines is set in, and `accesslog` is not needed, as in Gunicorn',
  syslog_addr: '`#stream` is honoured; a name that does not resolve, or nobody there, ends no start',
  user: 'by name or number; the Python process changes with its worker',
  root_path: `${WITH_PYTHON}; put in front of paths that do not begin with it`,
  worker_class:
    '`asgi`, `gthread` and `gevent` mean the event worker with a loop, threads or greenlets behind it',
};

/** Says of a setting of Gunicorn, by its name there, what it means here. Pure. */
export function gunicornVerdict(name: string): GunicornVerdict {
  if (name === 'config')
    return { verdict: 'honoured', note: 'where Gunicorn reads it: not in the file itself' };
  const absent = ABSENT_GUNICORN_SETTINGS.get(name);
  const isPythons = absent?.because === PYTHON_PACKAGE;
  const isOurs = builtinDefinitions.some(({ key }) => key === keyOfGunicornName(name));
  if (isOurs || isPythons) {
    const note = DIFFERENCES[name] ?? (isPythons ? WITH_PYTHON : '');
    return { verdict: name in DIFFERENCES ? 'honoured, with a difference' : 'honoured', note };
  }
  if (absent === undefined) return { verdict: 'silent', note: '' };
  const { because: note, refusal, harmless } = absent;
  if (refusal !== undefined) return { verdict: 'refused', note: `${note}; ${refusal}` };
  return { verdict: harmless === 'any' ? 'accepted' : 'named', note };
}
