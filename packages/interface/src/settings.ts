import type { ApplicationKind } from './application.ts';
import type { LoggingSettings } from './logging-settings.ts';

/**
 * Every setting, resolved: merged from defaults, file, environment and flags, checked, and frozen. The
 * comments are the documentation: editors show them in `gunicorn.conf.ts`, and `docs/settings.md` is
 * made from them together with the definitions in `@gunicorn-ts/config`.
 *
 * A worker package adds its own keys by declaration merging:
 * `declare module '@gunicorn-ts/interface' { interface Settings { greeting: string } }`.
 */
export interface Settings extends LoggingSettings {
  /**
   * The application: `MODULE:EXPORT`, `MODULE` or `MODULE:factory("x", 2)`, where MODULE is a path or a
   * package. The command line's positional argument wins over it. Gunicorn: `wsgi_app`.
   */
  app: string | undefined;
  /** What the application is, when guessing goes wrong. Default: by its shape. */
  applicationKind: ApplicationKind | undefined;

  // Server Socket

  /**
   * Where to listen: `HOST`, `HOST:PORT`, `[v6]:PORT`, `:PORT`, `unix:PATH`, `fd://N` or `fd://NAME`; several are
   * allowed. A name is bound at all its addresses, and `[::]` for IPv4 as well, unless another entry has an IPv4
   * address on that port. Default: `127.0.0.1:8000`, or `0.0.0.0:$PORT` when the environment has `PORT`.
   */
  bind: readonly string[];
  /** Length of the kernel's queue of connections that no worker has taken yet. Default: 2048. */
  backlog: number;
  /**
   * Give each worker a listening socket of its own (`SO_REUSEPORT`). Spreads connections most evenly, but
   * a stuck worker delays its share of them. Linux only. Default: false.
   */
  reusePort: boolean;

  // Worker Processes

  /**
   * Number of worker processes, or `auto`: as many as the cores that the cgroup allows. Default: the
   * environment's `WEB_CONCURRENCY`, or 1.
   */
  workers: number;
  /**
   * How connections are taken and served. `sync`: one request at a time, taken from the kernel only when the
   * worker is free. `event`: many at a time on the event loop, with keep-alive and WebSockets; `gthread` and
   * `gevent` mean it too. Or an npm package, or a path (`./my-worker.ts`). Default: `sync`, and `event` where
   * the system is not Linux.
   */
  workerClass: string;
  /**
   * Connections a worker holds at a time, open WebSockets and idle ones among them; at the limit it stops accepting, says
   * so in the log, and the kernel keeps the rest. Default: 1000.
   */
  workerConnections: number;
  /** Replace a worker after this many requests; 0 is never. Default: 0. */
  maxRequests: number;
  /** Add a random number of requests between 0 and this to `maxRequests`, so that workers are not replaced together. Default: 0. */
  maxRequestsJitter: number;
  /** Replace a worker that is older than this many seconds; 0 is never. Default: 0. */
  workerLifetime: number;
  /** Replace a worker whose resident memory, with that of its Python process, exceeds this many bytes (`512mb` is understood); 0 is never. Default: 0. */
  maxWorkerMemory: number;
  /** Seconds of silence after which a worker counts as hung: its autopsy is logged and it is killed; 0 is never. Default: 30. */
  timeout: number;
  /** Seconds a worker gets to finish its requests when it stops, and a reload's first worker to become ready. Default: 30. */
  gracefulTimeout: number;
  /** Seconds a worker gets from its start until it serves; 0 is for ever. Default: 60. */
  bootTimeout: number;
  /** Seconds an idle connection is kept for a further request; 0 closes after each response. Default: 2. */
  keepalive: number;
  /** Seconds a client gets to send a complete request head; 0 is for ever. Default: 60. */
  headersTimeout: number;
  /**
   * Seconds a request may take, from its head to the end of its response; then the client gets a 504 and
   * the application's signal is aborted. 0 is for ever. Default: 0.
   */
  requestTimeout: number;
  /** Watch each worker from a thread of its own that can say where it hung; costs about 12 MB a worker. Default: true. */
  autopsy: boolean;

  /**
   * Seconds between the TERM that asks for a stop and the stop: `/readyz` says that the server is not ready, and it serves on.
   * INT and QUIT, or a second TERM, do not wait. Default: 0.
   */
  shutdownDelay: number;

  // Security

  /**
   * Peers whose `X-Forwarded-Proto` is believed: addresses, networks in CIDR form, or `*`. Unix sockets are
   * always believed. Default: the environment's `FORWARDED_ALLOW_IPS`, or `127.0.0.1,::1`.
   */
  forwardedAllowIps: readonly string[];

  // HTTP

  /** Longest request line, in bytes; a longer one is answered 414. 0 is no limit. Default: 4094. */
  limitRequestLine: number;
  /** Most header lines of a request; more are answered 431. 0 is 32768, which is also the most. Default: 100. */
  limitRequestFields: number;
  /** Longest header line, in bytes; a longer one is answered 431. 0 is no limit. Default: 8190. */
  limitRequestFieldSize: number;
  /**
   * Longest request body, in bytes (`10mb` is understood); a longer one is answered 413. 0 is no limit.
   * Default: 1073741824.
   */
  limitRequestBody: number;
  /**
   * Most bytes of request bodies that a worker keeps in files at a time (`10gb` is understood); a request beyond them
   * is answered 503. 0 is no limit. Default: 2147483648.
   */
  limitSpooledBodies: number;
  /** Take headers that are folded over several lines (RFC 9112, section 5.2). Default: false. */
  permitObsoleteFolding: boolean;
  /** Take white space between the name of a header and its colon. Unsafe behind a proxy that reads it otherwise. Default: false. */
  stripHeaderSpaces: boolean;
  /** Take any token as method, also short, long and lower-case ones. Default: false. */
  permitUnconventionalHttpMethod: boolean;
  /** Take versions of HTTP other than 1.x. Default: false. */
  permitUnconventionalHttpVersion: boolean;
  /** Turn methods into capitals before they are checked. Default: false. */
  casefoldHttpMethod: boolean;
  /**
   * What happens to a header whose name holds an underscore, and could pass for another one in WSGI or CGI:
   * `drop` it, `refuse` the request, or let it through (`dangerous`). Default: `drop`.
   */
  headerMap: 'drop' | 'refuse' | 'dangerous';
  /** Header names with an underscore that the peers in `forwardedAllowIps` may send; `*` is any. Default: `SCRIPT_NAME`, `PATH_INFO`. */
  forwarderHeaders: readonly string[];
  /**
   * Headers, each with the value that means `https`, that are believed from the peers in `forwardedAllowIps`.
   * Default: `X-FORWARDED-PROTOCOL: ssl`, `X-FORWARDED-PROTO: https`, `X-FORWARDED-SSL: on`.
   */
  secureSchemeHeaders: Readonly<Record<string, string>>;
  /**
   * Value of the `Server` header in every response, error pages too; an empty text sends none. An application that
   * answers by `(req, res)` may still say another one. Default: `gunicorn`, and nothing in what a `(req, res)`
   * application sends.
   */
  serverHeader: string | undefined;
  /** Whether connections begin with a PROXY protocol header, and of which version. Default: `off`. */
  proxyProtocol: 'off' | 'v1' | 'v2' | 'auto';
  /**
   * Peers that may send a PROXY protocol header: addresses, networks in CIDR form, or `*`. Unix sockets
   * always may. Default: `127.0.0.1`, `::1`.
   */
  proxyAllowIps: readonly string[];

  // HTTP/2

  /**
   * Versions of HTTP that are served, the preferred one first: `h2` is HTTP/2, by TLS, or as `http2Cleartext` says;
   * `http/1.1`, or `h1`, is HTTP/1. Worker class `event`. Default: `http/1.1`.
   */
  httpProtocols: readonly ('h2' | 'http/1.1')[];
  /**
   * HTTP/2 without TLS, for a proxy in front: `prior-knowledge` takes connections of the peers in `forwardedAllowIps`,
   * and of unix sockets, that begin with its preface. Default: `off`.
   */
  http2Cleartext: 'off' | 'prior-knowledge';
  /** Most requests at a time on one HTTP/2 connection. Default: 100. */
  http2MaxConcurrentStreams: number;
  /** Bytes of a request body that a client may send on an HTTP/2 stream before any is read. Default: 65535. */
  http2InitialWindowSize: number;
  /** Longest HTTP/2 frame that a client may send, in bytes. Default: 16384. */
  http2MaxFrameSize: number;
  /**
   * Most bytes of all headers of an HTTP/2 request, uncompressed and with 32 bytes for each; the stream of a larger one
   * is reset. 0 is no limit. Default: 65536.
   */
  http2MaxHeaderListSize: number;

  // Debugging

  /** Restart workers when a file they loaded changes. For development. Default: false. */
  reload: boolean;
  /** How changes are noticed: `inotify` asks the kernel, `poll` looks every second, `auto` picks. Default: `auto`. */
  reloadEngine: 'auto' | 'poll' | 'inotify';
  /** Further files to watch; patterns with `*`, `?` and `[` are allowed. Default: none. */
  reloadExtraFiles: readonly string[];
  /** Check the settings, load the application in a process of its own, and exit. Default: false. */
  checkConfig: boolean;
  /** Print every setting with its value and where it came from, check, and exit. Default: false. */
  printConfig: boolean;

  // Server Mechanics

  /**
   * Load the application once in a process of its own before any worker starts, at every start and reload:
   * an application that cannot load stops there, and its compiled code is cached for the workers. Node cannot fork, so memory
   * is not shared. Default: false.
   */
  preloadApp: boolean;
  /** Change to this directory before anything is loaded. Default: the current directory. */
  chdir: string;
  /** Run in the background, detached from the terminal. Default: false. */
  daemon: boolean;
  /** With `daemon`: keep the standard output and error that are no terminal. Default: false. */
  enableStdioInheritance: boolean;
  /**
   * Files with lines `NAME=VALUE` for the environment, as `node --env-file` reads them: what the environment has
   * already wins, and of several files the last. Read again at each reload. Default: none.
   */
  envFile: readonly string[];
  /** `NAME=VALUE` pairs to set in the environment. Default: none. */
  rawEnv: readonly string[];
  /** File to write the arbiter's process id to. Default: none. */
  pidfile: string | undefined;
  /**
   * Directory to try first for files that the server needs for itself. Default: memory, or the first usable of
   * `$RUNTIME_DIRECTORY`, `$XDG_RUNTIME_DIR`, `/dev/shm`, `$TMPDIR`, `/tmp`, `/var/tmp`.
   */
  workerTmpDir: string | undefined;
  /** User that workers run as: a name or an id. Default: whoever started the server. */
  user: string | number | undefined;
  /** Group that workers run as: a name or an id. Default: the primary group of `user`, or of whoever started the server. */
  group: string | number | undefined;
  /** Permission bits to leave out of unix sockets; `0o077` or `"077"`. Default: 0. */
  umask: number;
  /** Give workers the supplementary groups of `user`. Default: false. */
  initgroups: boolean;

  // Control

  /**
   * Unix socket on which the server takes orders: `gunicorn status`, `gunicorn reload` and the like, and `gunicornc`.
   * Default: a file in the first usable of `$RUNTIME_DIRECTORY/gunicorn`, `$XDG_RUNTIME_DIR/gunicorn`, `/run/gunicorn` (of
   * root), `/tmp/gunicorn-UID`.
   */
  controlSocket: string | undefined;
  /**
   * Permission bits of the control socket. Whoever they let in may look; only root and the server's user may change
   * anything. Default: `0600`.
   */
  controlSocketMode: number;
  /** Have no control socket. Default: false. */
  controlSocketDisable: boolean;

  // Operation

  /**
   * Where health, metrics and a status page are shown, over HTTP: `HOST:PORT`, `[v6]:PORT`, `:PORT` or `unix:PATH`. For
   * looking only. Whoever reaches it sees paths of requests. Default: nowhere.
   */
  adminBind: string | undefined;
  /** Count requests, connections and times in memory that workers share with the arbiter. Default: true. */
  metrics: boolean;
  /** Address of the StatsD server: `HOST`, `HOST:PORT`, `[v6]:PORT` or `unix://PATH`. Default: none. */
  statsdHost: string | undefined;
  /** Prefix of the names that are sent there; a dot follows it. Default: none. */
  statsdPrefix: string;
  /** Tags of DogStatsD to append, with commas between them: `tag1:value1,tag2:value2`. Default: none. */
  dogstatsdTags: string;
  /** Send `gunicorn.backlog` once a second: the connections that wait at the listeners. Linux and TCP only. Default: false. */
  enableBacklogMetric: boolean;
  /** `exact`: Gunicorn's datagrams, three a request. `summary`: their sums, from the arbiter, once a second. Default: `exact`. */
  statsdMode: 'exact' | 'summary';

  // Process Naming

  /** Name in the process titles, `gunicorn: master [NAME]`. Default: the application. */
  procName: string | undefined;

  // TLS

  /** Private key, a PEM file. Default: none. */
  keyfile: string | undefined;
  /** Certificate chain, a PEM file; turns TLS on. Default: none. */
  certfile: string | undefined;
  /** Authorities that client certificates are checked against, a PEM file. Default: none. */
  caCerts: string | undefined;
  /** Client certificates: 0 none, 1 optional, 2 required. Default: 0. */
  certReqs: 0 | 1 | 2;
  /** OpenSSL cipher list. Default: Node's. */
  ciphers: string | undefined;
  /** The oldest version of TLS that is spoken. Default: Node's, which is TLS 1.2. */
  tlsMinVersion: TlsVersion | undefined;
  /** The newest version of TLS that is spoken. Default: Node's, which is TLS 1.3. */
  tlsMaxVersion: TlsVersion | undefined;
}

/** A version of TLS, as `node:tls` names it. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A setting's key. */
export type SettingKey = keyof Settings;
