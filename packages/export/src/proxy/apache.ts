import type { Deployment } from '@gunicorn-ts/interface';
import { unwritableValueError } from '../errors.ts';
import { LONG_S, patienceOf, type ProxyOptions, reachableHost, upstreamOf } from './upstream.ts';

/** A virtual host of Apache. Wants the modules `proxy`, `proxy_http`, `headers`, and `alias` for static files. */
export function apacheSite(deployment: Deployment, options: ProxyOptions): string {
  const { name, settings } = deployment;
  const backend = backendOf(deployment);
  const reuse = reuseOf(deployment);
  const patience = patienceOf(deployment);
  return [
    `# ${name}, behind Apache 2.4.47 or later. Wants: a2enmod proxy proxy_http headers${options.tls === undefined ? '' : ' ssl'}`,
    ...redirect(options),
    `<VirtualHost *:${options.tls === undefined ? 80 : 443}>`,
    ...indent([
      ...nameLines(options),
      ...tlsLines(options),
      '',
      '# The application sees the host that the client asked for.',
      'ProxyPreserveHost On',
      'ProxyRequests Off',
      `# Longer than the server lets a request take, so that its own answer comes first.`,
      `ProxyTimeout ${patience}`,
      `# limitRequestBody is ${settings.limitRequestBody === 0 ? 'off' : `${settings.limitRequestBody} bytes`}.`,
      `LimitRequestBody ${settings.limitRequestBody}`,
      'RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}',
      ...options.statics.flatMap(staticLines),
      ...options.streaming.map(
        (path) =>
          `ProxyPass ${word(path, 'a path')} ${backend}${path} flushpackets=on timeout=${LONG_S}${reuse}`,
      ),
      '',
      `ProxyPass / ${backend}/ upgrade=websocket${reuse}`,
      `ProxyPassReverse / ${backend}/`,
    ]),
    '</VirtualHost>',
    '',
  ].join('\n');
}

function nameLines({ serverNames: [main = 'localhost', ...aliases] }: ProxyOptions): string[] {
  const others = aliases.map((each) => word(each, 'a server name'));
  return [
    `ServerName ${word(main, 'a server name')}`,
    ...(others.length === 0 ? [] : [`ServerAlias ${others.join(' ')}`]),
  ];
}

function tlsLines({ tls }: ProxyOptions): string[] {
  if (tls === undefined) return [];
  return [
    'SSLEngine on',
    'SSLProtocol -all +TLSv1.2 +TLSv1.3',
    `SSLCertificateFile ${word(tls.certificate, 'a certificate')}`,
    `SSLCertificateKeyFile ${word(tls.key, 'a key')}`,
  ];
}

/** Plain HTTP leads to the same host by TLS. */
function redirect(options: ProxyOptions): string[] {
  if (options.tls === undefined) return [];
  const [main = 'localhost'] = options.serverNames;
  return [
    '<VirtualHost *:80>',
    ...indent([...nameLines(options), `Redirect permanent / https://${word(main, 'a server name')}/`]),
    '</VirtualHost>',
    '',
  ];
}

function backendOf(deployment: Deployment): string {
  const upstream = upstreamOf(deployment);
  const scheme = deployment.settings.certfile === undefined ? 'http' : 'https';
  if (upstream.kind === 'unix') return `unix:${word(upstream.path, 'bind')}|${scheme}://${deployment.name}`;
  if (upstream.kind === 'fd') return `${scheme}://127.0.0.1:8000`;
  return `${scheme}://${reachableHost(upstream.host)}:${upstream.port}`;
}

/** Apache lets go of an idle connection before the server does. */
function reuseOf({ keepsConnections, settings }: Deployment): string {
  const idle = Math.floor(settings.keepalive) - 1;
  return keepsConnections && idle >= 1 ? ` ttl=${idle}` : ' disablereuse=on';
}

function staticLines([url, folder]: readonly [string, string]): string[] {
  const location = url.endsWith('/') ? url : `${url}/`;
  const alias = folder.endsWith('/') ? folder : `${folder}/`;
  return [
    '',
    `ProxyPass ${word(location, 'a path')} !`,
    `Alias ${word(location, 'a path')} ${word(alias, 'a folder')}`,
    `<Directory ${word(alias, 'a folder')}>`,
    '    Require all granted',
    '</Directory>',
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}

function word(text: string, what: string): string {
  if (text === '' || /[\n\r\0]|\$\{/.test(text)) {
    throw unwritableValueError(what, text, 'cannot stand in a file of Apache');
  }
  return /^[^\s"'<>\\#]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
