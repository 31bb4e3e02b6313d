/**
 * Everything about HTTP that an operator can set, under the names of the settings. Gunicorn's settings
 * of the same names, with its defaults.
 */
export interface HttpPolicy {
  /** Longest request line in bytes, without CR LF; 0 is no limit. */
  readonly limitRequestLine: number;
  /** Most header lines of a request, and most trailer lines; 0 and more than 32768 are 32768. */
  readonly limitRequestFields: number;
  /** Longest header line in bytes, CR LF and folded continuation included; 0 is no limit. */
  readonly limitRequestFieldSize: number;
  /** Longest request body in bytes; 0 is no limit. Not a setting of Gunicorn. */
  readonly limitRequestBody: number;
  /**
   * Longest request head in bytes of target, names and values, as Node counts it; absent and 0 are no limit. Not a
   * setting of Gunicorn.
   */
  readonly limitRequestHead?: number;
  /** Refuse HTTP/1.1 requests that have no Host (RFC 9112 §3.2). Default: true. Not a setting of Gunicorn. */
  readonly requireHost?: boolean;
  /** Let expectations other than `100-continue` pass, for the application to judge. Default: false. Not a setting of Gunicorn. */
  readonly anyExpectation?: boolean;
  /** Take header values with control characters, except those that could end a line, or a text. Default: false. Not a setting of Gunicorn. */
  readonly permitControlCharacters?: boolean;
  /** Keep the bytes of what is refused, for whoever is told. Default: false. Not a setting of Gunicorn. */
  readonly keepsRefused?: boolean;
  /** Take header values that are folded over several lines (RFC 9112 §5.2). */
  readonly permitObsoleteFolding: boolean;
  /** Take white space between a header's name and its colon. Unsafe behind a proxy that reads it otherwise. */
  readonly stripHeaderSpaces: boolean;
  /** Take any token as method: shorter than 3, longer than 20, with small letters or `#`. */
  readonly permitUnconventionalHttpMethod: boolean;
  /** Take versions other than 1.x. */
  readonly permitUnconventionalHttpVersion: boolean;
  /** Turn the method into capitals before it is checked. */
  readonly casefoldHttpMethod: boolean;
  /** Serve HTTP/1.x; without it such requests are answered 505. Default: true. */
  readonly servesHttp1?: boolean;
  /** Take connections of trusted peers that begin with the preface of HTTP/2 for such ones. Default: false. */
  readonly priorKnowledge?: boolean;
  /** What happens to a header whose name holds an underscore, and could pass for another one in WSGI or CGI. */
  readonly headerMap: 'drop' | 'refuse' | 'dangerous';
  /** Names with an underscore that trusted peers may send; `*` is any. */
  readonly forwarderHeaders: readonly string[];
  /** Header to the value that means `https`, believed from trusted peers. */
  readonly secureSchemeHeaders: Readonly<Record<string, string>>;
  /** Trusted peers: addresses, networks in CIDR form, or `*`. Unix sockets are always trusted. */
  readonly forwardedAllowIps: readonly string[];
  /** Whether a connection may begin with a PROXY protocol header, and of which version. */
  readonly proxyProtocol: 'off' | 'v1' | 'v2' | 'auto';
  /** Peers that may send one: addresses, networks in CIDR form, or `*`. Unix sockets always may. */
  readonly proxyAllowIps: readonly string[];
}

/** Gunicorn's defaults. */
export const DEFAULT_HTTP_POLICY: HttpPolicy = Object.freeze<HttpPolicy>({
  limitRequestLine: 4094,
  limitRequestFields: 100,
  limitRequestFieldSize: 8190,
  limitRequestBody: 1024 ** 3,
  permitObsoleteFolding: false,
  stripHeaderSpaces: false,
  permitUnconventionalHttpMethod: false,
  permitUnconventionalHttpVersion: false,
  casefoldHttpMethod: false,
  headerMap: 'drop',
  forwarderHeaders: ['SCRIPT_NAME', 'PATH_INFO'],
  secureSchemeHeaders: {
    'X-FORWARDED-PROTOCOL': 'ssl',
    'X-FORWARDED-PROTO': 'https',
    'X-FORWARDED-SSL': 'on',
  },
  forwardedAllowIps: ['127.0.0.1', '::1'],
  proxyProtocol: 'off',
  proxyAllowIps: ['127.0.0.1', '::1'],
});
