import test from 'ava';
import { apacheSite, nginxSite, supervisorProgram } from '../../src/index.ts';
import { disagreements } from '../../src/proxy/upstream.ts';
import { deploymentOf } from './deployment-of.ts';

const SITE = { serverNames: ['example.com', 'www.example.com'], statics: [], streaming: [] };

test('nginx waits longer than the server lets a request take, and allows as large a body', (t) => {
  const text = nginxSite(deploymentOf({ timeout: 90, limitRequestBody: 5_000_000 }), SITE);
  t.regex(text, /proxy_read_timeout 95s;/);
  t.regex(text, /client_max_body_size 5000000;/);
  t.regex(text, /server_name example\.com www\.example\.com;/);
  t.regex(text, /return 444;/);
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
