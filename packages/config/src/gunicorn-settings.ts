const PYTHON = 'it configures the Python interpreter or a Python library';
const ASGI = 'ASGI applications are not served';
const DIRTY = 'there are no dirty workers';
const HTTP2 = 'HTTP/2 is not served';
const LOGGING = 'choose with errorlog, loglevel and logFormat';
const SYSLOG = 'log to stderr and let systemd or the container collect it';
const STATSD = 'there are no statsd metrics';
const UWSGI = 'the uwsgi protocol is not understood';
const PARSER = 'the worker class brings its parser';
const CONTROL = 'there is no control socket; use signals';
const TLS = `Node's TLS decides`;

const reasons = {
  threads: 'an event worker serves many requests at a time; use workers and workerConnections',
  spew: PYTHON,
  sendfile: 'the application sends its files itself',
  no_sendfile: 'the application sends its files itself',
  tmp_upload_dir: 'Gunicorn never read it either',
  pythonpath: PYTHON,
  paste: PYTHON,
  paster: PYTHON,
  raw_paste_global_conf: PYTHON,
  paste_global: PYTHON,
  protocol: UWSGI,
  uwsgi_allow_ips: UWSGI,
  uwsgi_allow_from: UWSGI,
  http_parser: PARSER,
  root_path: ASGI,
  asgi_loop: ASGI,
  asgi_lifespan: ASGI,
  asgi_disconnect_grace_period: ASGI,
  disable_redirect_access_to_syslog: SYSLOG,
  syslog_addr: SYSLOG,
  log_syslog_to: SYSLOG,
  syslog: SYSLOG,
  log_syslog: SYSLOG,
  syslog_prefix: SYSLOG,
  log_syslog_prefix: SYSLOG,
  syslog_facility: SYSLOG,
  log_syslog_facility: SYSLOG,
  logger_class: LOGGING,
  logconfig: LOGGING,
  log_config: LOGGING,
  logconfig_dict: LOGGING,
  logconfig_json: LOGGING,
  log_config_json: LOGGING,
  enable_stdio_inheritance: 'a daemon is always detached from its terminal',
  statsd_host: STATSD,
  dogstatsd_tags: STATSD,
  statsd_prefix: STATSD,
  enable_backlog_metric: STATSD,
  default_proc_name: 'use procName',
  ssl_version: TLS,
  suppress_ragged_eofs: TLS,
  do_handshake_on_connect: TLS,
  http_protocols: HTTP2,
  http2_cleartext: HTTP2,
  http2_max_concurrent_streams: HTTP2,
  http2_initial_window_size: HTTP2,
  http2_max_frame_size: HTTP2,
  http2_max_header_list_size: HTTP2,
  dirty_apps: DIRTY,
  dirty_app: DIRTY,
  dirty_workers: DIRTY,
  dirty_timeout: DIRTY,
  dirty_threads: DIRTY,
  dirty_graceful_timeout: DIRTY,
  on_dirty_starting: DIRTY,
  dirty_post_fork: DIRTY,
  dirty_worker_init: DIRTY,
  dirty_worker_exit: DIRTY,
  control_socket: CONTROL,
  control_socket_mode: CONTROL,
  control_socket_disable: CONTROL,
  no_control_socket: CONTROL,
};

/**
 * Gunicorn's settings that have no counterpart, by Gunicorn's name and by its flag's, each with the reason
 * or with what to use in its place.
 */
export const ABSENT_GUNICORN_SETTINGS: ReadonlyMap<string, string> = new Map(Object.entries(reasons));
