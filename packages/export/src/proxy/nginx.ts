import type { Deployment, ExportedFile } from '@gunicorn-ts/interface';
import { unwritableValueError } from '../errors.ts';
import { LONG_S, patienceOf, type ProxyOptions, reachableHost, upstreamOf } from './upstream.ts';

/** Idle connections that nginx keeps to the server, a worker process of its own. */
const KEPT_CONNECTIONS = 32;

/** A file for `conf.d` of nginx: an upstream, and a server for the site. */
export function nginxSite(deployment: Deployment, options: ProxyOptions): string {
  const { name } = deployment;
  const variable = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  const names = options.serverNames.map((each) => word(each, 'a server name')).join(' ');
  return [
    `# ${name}, behind nginx. For a file in conf.d or sites-enabled.`,
    '',
    '# A request for a WebSocket keeps its header; any other leaves the connection to nginx.',
    block(`map $http_upgrade $${variable}_connection`, ['default upgrade;', "'' '';"]),
    '',
    block(`upstream ${name}`, upstreamLines(deployment)),
    '',
    ...(options.tls === undefined ? [] : [redirect(names), '']),
    block('server', [
      ...listening(options),
      `server_name ${names};`,
      '',
      ...bodyLines(deployment),
      ...options.statics.flatMap(staticLines),
      ...options.streaming.flatMap((path) => ['', ...streamingLines(deployment, variable, path)]),
      '',
      ...block('location /', proxyLines(deployment, variable)).split('\n'),
    ]),
    '',
  ].join('\n');
}

/**
 * What answers for hosts that are not served here: nobody. Files of their own, the same for every site, since nginx takes
 * one default server a port, and sites are exported into one folder.
 */
export function unknownHosts({ tls }: ProxyOptions): readonly ExportedFile[] {
  const refuses = (listen: string, answer: string): string =>
    [
      '# Requests for hosts that no site here serves are not answered. The same for all sites.',
      block('server', [`listen ${listen};`, `listen [::]:${listen};`, 'server_name _;', answer]),
      '',
    ].join('\n');
  const plain = { name: 'unknown-hosts.conf', text: refuses('80 default_server', 'return 444;') };
  const secured = {
    name: 'unknown-hosts-tls.conf',
    text: refuses('443 ssl default_server', 'ssl_reject_handshake on;'),
  };
  return tls === undefined ? [plain] : [plain, secured];
}

function redirect(names: string): string {
  return block('server', [
    'listen 80;',
    'listen [::]:80;',
    `server_name ${names};`,
    'return 308 https://$host$request_uri;',
  ]);
}

function listening({ tls }: ProxyOptions): string[] {
  if (tls === undefined) return ['listen 80;', 'listen [::]:80;'];
  return [
    'listen 443 ssl;',
    'listen [::]:443 ssl;',
    `ssl_certificate ${word(tls.certificate, 'a certificate')};`,
    `ssl_certificate_key ${word(tls.key, 'a key')};`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
  ];
}

function upstreamLines(deployment: Deployment): string[] {
  const upstream = upstreamOf(deployment);
  const address =
    upstream.kind === 'unix'
      ? `unix:${upstream.path}`
      : upstream.kind === 'tcp'
        ? `${reachableHost(upstream.host)}:${upstream.port}`
        : '127.0.0.1:8000';
  const { keepsConnections, settings } = deployment;
  // nginx lets go of an idle connection before the server does, so that no request meets a closing one.
  const idle = Math.floor(settings.keepalive) - 1;
  const keeps = keepsConnections && idle >= 1;
  return [
    '# A server that is being replaced still answers: it is never given up.',
    `server ${word(address, 'bind')} fail_timeout=0;`,
    ...(keeps ? [`keepalive ${KEPT_CONNECTIONS};`, `keepalive_timeout ${idle}s;`] : []),
  ];
}

function bodyLines({ settings }: Deployment): string[] {
  const limit = settings.limitRequestBody;
  return [
    `# limitRequestBody is ${limit === 0 ? 'off' : `${limit} bytes`}.`,
    `client_max_body_size ${limit};`,
    'keepalive_timeout 65s;',
  ];
}

function proxyLines(
  deployment: Deployment,
  variable: string,
  patience: number = patienceOf(deployment),
): string[] {
  const { settings, name } = deployment;
  const scheme = settings.certfile === undefined ? 'http' : 'https';
  return [
    `proxy_pass ${scheme}://${name};`,
    'proxy_http_version 1.1;',
    'proxy_set_header Host $host;',
    'proxy_set_header X-Real-IP $remote_addr;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-Host $host;',
    'proxy_set_header Upgrade $http_upgrade;',
    `proxy_set_header Connection $${variable}_connection;`,
    'proxy_redirect off;',
    `# Longer than the server lets a request take, so that its own answer comes first.`,
    `proxy_read_timeout ${patience}s;`,
    `proxy_send_timeout ${patience}s;`,
  ];
}

function staticLines([url, folder]: readonly [string, string]): string[] {
  const location = url.endsWith('/') ? url : `${url}/`;
  const alias = folder.endsWith('/') ? folder : `${folder}/`;
  return [
    '',
    ...block(`location ${word(location, 'a path')}`, [
      `alias ${word(alias, 'a folder')};`,
      'expires 1h;',
      'access_log off;',
    ]).split('\n'),
  ];
}

function streamingLines(deployment: Deployment, variable: string, path: string): string[] {
  return block(`location ${word(path, 'a path')}`, [
    '# What is sent is passed on as it comes.',
    'proxy_buffering off;',
    'proxy_request_buffering off;',
    ...proxyLines(deployment, variable, LONG_S),
  ]).split('\n');
}

function block(head: string, lines: readonly string[]): string {
  return [`${head} {`, ...lines.map((line) => (line === '' ? '' : `    ${line}`)), '}'].join('\n');
}

/** nginx knows no escape for `$`. */
function word(text: string, what: string): string {
  if (text === '' || /[\n\r\0$]/.test(text)) {
    throw unwritableValueError(what, text, 'cannot stand in a file of nginx');
  }
  return /^[^\s;{}"'\\#]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
