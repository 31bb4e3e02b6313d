import test from 'ava';
import { apacheSite, nginxSite, supervisorProgram, unknownHosts } from '../../src/index.ts';
import { disagreements } from '../../src/proxy/upstream.ts';
import { deploymentOf } from './deployment-of.ts';

const SITE = { serverNames: ['example.com', 'www.example.com'], statics: [], streaming: [] };

test('nginx allows as large a body as the server, and serves the names of the site', (t) => {
  const text = nginxSite(deploymentOf({ limitRequestBody: 5_000_000 }), SITE);
  t.regex(text, /client_max_body_size 5000000;/);
  t.regex(text, /server_name example\.com www\.example\.com;/);
});

for (const [what, settings, seconds] of [
  ['a request may take for ever, however soon a stuck worker is ended', { timeout: 30 }, 3600],
  ['requestTimeout ends requests', { timeout: 30, requestTimeout: 90 }, 95],
  ['a stuck worker outlives requestTimeout', { timeout: 90, requestTimeout: 10 }, 95],
] as const) {
  test(`proxies wait ${seconds} s where ${what}`, (t) => {
    const nginx = nginxSite(deploymentOf(settings), SITE);
    t.regex(nginx, new RegExp(`proxy_read_timeout ${seconds}s;\\n +proxy_send_timeout ${seconds}s;`));
    t.regex(apacheSite(deploymentOf(settings), SITE), new RegExp(`ProxyTimeout ${seconds}\\n`));
  });
}

test('a path of streams and WebSockets may be silent for an hour, whatever a request may take', (t) => {
  const deployment = deploymentOf({ requestTimeout: 10 });
  const site = { ...SITE, streaming: ['/events'] };
  t.regex(nginxSite(deployment, site), /location \/events \{[^}]*proxy_read_timeout 3600s;/);
  t.regex(apacheSite(deployment, site), /ProxyPass \/events .* timeout=3600/);
});

test('what answers for unknown hosts is the same file for every site', (t) => {
  const tls = { certificate: '/c.pem', key: '/k.pem' };
  const [plain, secured] = unknownHosts({ ...SITE, serverNames: ['other.test'], tls });
  t.deepEqual(unknownHosts(SITE), [plain!]);
  t.is(plain?.name, 'unknown-hosts.conf');
  t.regex(plain?.text ?? '', /listen 80 default_server;[^]*return 444;/);
  t.is(secured?.name, 'unknown-hosts-tls.conf');
  t.regex(secured?.text ?? '', /listen 443 ssl default_server;[^]*ssl_reject_handshake on;/);
  t.notRegex(nginxSite(deploymentOf(), SITE), /default_server/);
});

test('a unix socket is preferred to a port', (t) => {
  const text = nginxSite(deploymentOf({ bind: ['127.0.0.1:8000', 'unix:/run/app/http.sock'] }), SITE);
  t.regex(text, /server unix:\/run\/app\/http\.sock fail_timeout=0;/);
});

test('connections are kept only where the server keeps them, and shorter than it does', (t) => {
  t.notRegex(nginxSite(deploymentOf(), SITE), /keepalive 32/);
  const keeps = deploymentOf({ keepalive: 75 }, { keepsConnections: true });
  t.regex(nginxSite(keeps, SITE), /keepalive 32;\n {4}keepalive_timeout 74s;/);
  t.regex(apacheSite(keeps, SITE), /ttl=74/);
  t.regex(apacheSite(deploymentOf(), SITE), /disablereuse=on/);
});

test('static files and streaming paths have places of their own', (t) => {
  const site = { ...SITE, statics: [['/static', '/srv/my app/static']] as const, streaming: ['/events'] };
  const nginx = nginxSite(deploymentOf(), site);
  t.regex(nginx, /location \/static\/ \{\n\s+alias "\/srv\/my app\/static\/";/);
  t.regex(nginx, /location \/events \{[^}]*proxy_buffering off;/);
  t.regex(
    apacheSite(deploymentOf(), site),
    /ProxyPass \/static\/ !\n\s+Alias \/static\/ "\/srv\/my app\/static\/"/,
  );
});

for (const [what, write] of [
  ['nginx', nginxSite],
  ['Apache', apacheSite],
] as const) {
  test(`a value that ${what} cannot carry is refused`, (t) => {
    const site = { ...SITE, serverNames: ['a\nb'] };
    t.throws(() => write(deploymentOf(), site), { code: 'ERR_EXPORT_VALUE', message: /server name/ });
  });
}

test('Apache serves by TLS, and leads plain HTTP there', (t) => {
  const text = apacheSite(deploymentOf(), { ...SITE, tls: { certificate: '/c.pem', key: '/k.pem' } });
  t.regex(
    text,
    /<VirtualHost \*:80>\n.*ServerName example\.com\n.*\n.*Redirect permanent \/ https:\/\/example\.com\//,
  );
  t.regex(text, /<VirtualHost \*:443>[^]*SSLCertificateFile \/c\.pem\n *SSLCertificateKeyFile \/k\.pem\n/);
});

test('a proxy that is not believed is warned of', (t) => {
  t.deepEqual(disagreements(deploymentOf()), []);
  t.deepEqual(disagreements(deploymentOf({ bind: ['unix:/run/a.sock'], forwardedAllowIps: [] })), []);
  t.regex(disagreements(deploymentOf({ forwardedAllowIps: ['10.0.0.1'] }))[0] ?? '', /forwardedAllowIps/);
});

test('a server that lets go of connections before a proxy can is warned of', (t) => {
  t.deepEqual(disagreements(deploymentOf({ keepalive: 2 }, { keepsConnections: true })), []);
  t.regex(
    disagreements(deploymentOf({ keepalive: 1 }, { keepsConnections: true }))[0] ?? '',
    /keepalive is 1 s/,
  );
  t.deepEqual(disagreements(deploymentOf({ keepalive: 1 }, { keepsConnections: false })), []);
});

test('supervisord waits longer than the server, and asks the arbiter alone', (t) => {
  const text = supervisorProgram(
    deploymentOf({ gracefulTimeout: 60 }, { environment: [`A=50% "x" it`, `B=it's`] }),
  );
  t.regex(text, /stopsignal = TERM\nstopwaitsecs = 65\nstopasgroup = false\nkillasgroup = true/);
  t.true(text.includes(`environment = A='50%% "x" it',B="it's"\n`), text);
});

for (const value of [`both " and '`, '"quoted"', "ends with '"]) {
  test(`supervisord has no way to say ${value}`, (t) => {
    const deployment = deploymentOf({}, { environment: [`A=${value}`] });
    t.throws(() => supervisorProgram(deployment), { code: 'ERR_EXPORT_VALUE', message: /quotes/ });
  });
}

test('what supervisord would take for a comment is refused', (t) => {
  const deployment = deploymentOf({}, { environment: ['A=b ;c'] });
  t.throws(() => supervisorProgram(deployment), { code: 'ERR_EXPORT_VALUE' });
});
