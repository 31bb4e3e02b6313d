import test from 'ava';
import type { Settings } from '@gunicorn-ts/interface';
import type { Facts, PathFact } from '../../src/facts.ts';
import { findOddities } from '../../src/oddities.ts';
import { renderProblem } from '../../src/problem-text.ts';
import { findProblems } from '../../src/rules.ts';
import { defaultSettings } from './default-settings.ts';

const file: PathFact = { kind: 'file', readable: true, writable: true };
const folder: PathFact = { kind: 'folder', readable: true, writable: true };
const missing: PathFact = { kind: 'missing', readable: false, writable: false };

interface World {
  paths?: Record<string, PathFact>;
  identity?: Partial<Facts['identity']>;
  platform?: NodeJS.Platform;
  tlsMistake?: Facts['tlsMistake'];
}

function factsOf({ paths = {}, identity = {}, platform = 'linux', tlsMistake }: World): Facts {
  const pathMap = new Map(Object.entries({ '/etc': folder, ...paths }));
  return {
    platform,
    paths: pathMap,
    identity: { uid: 0, gid: 0, user: undefined, group: undefined, ...identity },
    tlsMistake,
    heldSockets: new Set(['/etc/held.sock']),
  };
}

const tls = { certfile: '/etc/crt', keyfile: '/etc/key' };
const tlsPaths = { '/etc/crt': file, '/etc/key': file, '/etc/ca': file };

const cases: [problem: string | undefined, changed: Partial<Settings>, world?: World][] = [
  [undefined, {}],
  ['No application module specified', { app: undefined }],
  ['bind holds 0.0.0.0:80 twice', { bind: [':80', 'tcp://0.0.0.0:80'] }],
  [undefined, { bind: ['127.0.0.1:0', '127.0.0.1:0'] }],
  ['bind has a unix socket path of 121 bytes', { bind: [`unix:/${'x'.repeat(120)}`] }],
  [
    'bind names unix:/no/x, but the folder /no does not exist',
    { bind: ['unix:/no/x'] },
    { paths: { '/no': missing } },
  ],
  [
    'bind names unix:/etc/x, and /etc may not be written to',
    { bind: ['unix:/etc/x'] },
    { paths: { '/etc': { ...folder, writable: false } } },
  ],
  [undefined, { bind: ['unix:/etc/x', 'unix:/etc/y'] }],
  [undefined, { bind: ['unix:/etc/held.sock'] }, { paths: { '/etc': { ...folder, writable: false } } }],
  ['reusePort works on Linux only, not on darwin', { reusePort: true }, { platform: 'darwin' }],
  [undefined, { reusePort: true }],
  ['workerTmpDir must be a folder that exists', { workerTmpDir: '/etc/x' }, { paths: { '/etc/x': file } }],
  [
    'workerTmpDir must be a folder that may be written to',
    { workerTmpDir: '/etc/x' },
    { paths: { '/etc/x': { ...folder, writable: false } } },
  ],
  [
    'pidfile must be a file, and "/dev/null" is a device, a socket or a pipe',
    { pidfile: '/dev/null' },
    { paths: { '/dev': folder, '/dev/null': { kind: 'other', readable: true, writable: true } } },
  ],
  [
    undefined,
    { errorlog: '/dev/null' },
    { paths: { '/dev': folder, '/dev/null': { ...file, kind: 'other' } } },
  ],
  [
    'pidfile names "/no/pid", but the folder /no does not exist',
    { pidfile: '/no/pid' },
    { paths: { '/no': missing } },
  ],
  [
    'errorlog must be a file, and "/etc/x" is a folder',
    { errorlog: '/etc/x' },
    { paths: { '/etc/x': folder } },
  ],
  [
    'accesslog names "/etc/x", which may not be written to',
    { accesslog: '/etc/x' },
    { paths: { '/etc/x': { ...file, writable: false } } },
  ],
  [
    'accesslog names "/etc/x", which may not be written to',
    { accesslog: '/etc/x' },
    { paths: { '/etc/x': missing, '/etc': { ...folder, writable: false } } },
  ],
  [undefined, { accesslog: '-', errorlog: '-' }],
  [
    'reloadExtraFiles names "/x", which does not exist',
    { reloadExtraFiles: ['/x'] },
    { paths: { '/x': missing } },
  ],
  [undefined, { reloadExtraFiles: ['/x/*.html'] }, { paths: { '/x/*.html': missing } }],
  ["accessLogFormat has '%(h' at character 7, which is no atom", { accessLogFormat: '%(l)s %(h' }],
  [undefined, { certfile: '/etc/crt', keyfile: '/etc/crt' }, { paths: tlsPaths }],
  ['keyfile has no effect without certfile', { keyfile: '/etc/key' }, { paths: tlsPaths }],
  [undefined, { ciphers: 'x' }],
  ['certReqs has no effect without certfile', { certReqs: 2 }],
  [undefined, { caCerts: '/etc/ca' }, { paths: tlsPaths }],
  ['certReqs is 2, and there is no caCerts', { ...tls, certReqs: 2 }, { paths: tlsPaths }],
  [undefined, { ...tls, certReqs: 2, caCerts: '/etc/ca' }, { paths: tlsPaths }],
  ['keyfile names "/etc/key", which does not exist', tls, { paths: { ...tlsPaths, '/etc/key': missing } }],
  [
    'keyfile must be a PEM file, and "/etc/key" is a folder',
    tls,
    { paths: { ...tlsPaths, '/etc/key': folder } },
  ],
  [
    'certfile names "/etc/crt", which may not be read',
    tls,
    { paths: { ...tlsPaths, '/etc/crt': { ...file, readable: false } } },
  ],
  [
    'keyfile ("/etc/key") is not a PEM file',
    tls,
    { paths: tlsPaths, tlsMistake: { setting: 'keyfile', message: 'is not a PEM file' } },
  ],
  [
    'ciphers names no cipher',
    { ...tls, ciphers: 'x' },
    { paths: tlsPaths, tlsMistake: { setting: 'ciphers', message: 'names no cipher' } },
  ],
  ['user "bob" does not exist', { user: 'bob' }],
  ['user 1000 has no account, so its group is not known', { user: 1000 }],
  [undefined, { user: 1000, group: 1000 }, { identity: { group: 1000 } }],
  [
    'initgroups needs an account',
    { user: 1000, group: 1000, initgroups: true },
    { identity: { group: 1000 } },
  ],
  ['group "staff" does not exist', { group: 'staff' }],
  [
    'user can be changed by root only',
    { user: 'web' },
    { identity: { uid: 1000, gid: 1000, user: { name: 'web', uid: 33, gid: 33 } } },
  ],
  [
    undefined,
    { user: 'me' },
    { identity: { uid: 1000, gid: 1000, user: { name: 'me', uid: 1000, gid: 1000 } } },
  ],
  [
    'initgroups can be used by root only',
    { user: 'me', initgroups: true },
    { identity: { uid: 1000, gid: 1000, user: { name: 'me', uid: 1000, gid: 1000 } } },
  ],
  [
    'group can be changed by root only',
    { group: 'staff' },
    { identity: { uid: 1000, gid: 1000, group: 50 } },
  ],
];

for (const [problem, changed, world = {}] of cases) {
  test(`${JSON.stringify(changed)} on ${JSON.stringify(world)}: ${problem ?? 'no problem'}`, (t) => {
    const found = findProblems({ ...defaultSettings(), ...changed }, factsOf(world)).map(renderProblem);
    if (problem === undefined) t.deepEqual(found, []);
    else t.true(found.length === 1 && found[0]?.startsWith(problem), found.join('\n'));
    // What OpenSSL says comes with a cure of its own, which this test's facts leave out.
    if (world.tlsMistake === undefined)
      t.true(
        found.every((sentence) => sentence.includes('; ')),
        'the cure',
      );
  });
}

const odd: [oddity: string | undefined, changed: Partial<Settings>][] = [
  [undefined, {}],
  ['maxRequestsJitter has no effect while maxRequests is 0', { maxRequestsJitter: 5 }],
  [undefined, { maxRequestsJitter: 5, maxRequests: 10 }],
  ['reloadExtraFiles has no effect while reload is false', { reloadExtraFiles: ['a'] }],
  ['captureOutput has no effect while errorlog is "-"', { captureOutput: true }],
  ['daemon closes the terminal, so that a log on stderr is lost', { daemon: true }],
  [
    'daemon closes the terminal, so that an access log on stdout is lost',
    { daemon: true, errorlog: '/x', accesslog: '-' },
  ],
  ['initgroups has no effect without user', { initgroups: true }],
  ['caCerts has no effect while certReqs is 0', { ...tls, caCerts: '/etc/ca' }],
  ['accessLogFormat asks for %(zz)s, which nobody knows', { accessLogFormat: '%(h)s %(zz)s' }],
  ['ciphers has no effect without certfile', { ciphers: 'x' }],
  ['caCerts has no effect without certfile', { caCerts: '/etc/ca' }],
  ['httpProtocols names h2, which no client can ask for without TLS', { httpProtocols: ['h2', 'http/1.1'] }],
  [undefined, { httpProtocols: ['h2', 'http/1.1'], ...tls }],
  [undefined, { httpProtocols: ['h2'], http2Cleartext: 'prior-knowledge' }],
  [
    'http2Cleartext has no effect with certfile',
    { httpProtocols: ['h2'], http2Cleartext: 'prior-knowledge', ...tls },
  ],
  [
    'http2Cleartext has no effect while httpProtocols does not name h2',
    { http2Cleartext: 'prior-knowledge' },
  ],
  [undefined, { daemon: true, enableStdioInheritance: true, errorlog: '-', accesslog: '-' }],
];

for (const [oddity, changed] of odd) {
  test(`${JSON.stringify(changed)} is ${oddity === undefined ? 'not odd' : 'odd'}`, (t) => {
    const found = findOddities({ ...defaultSettings(), ...changed }).map(renderProblem);
    if (oddity === undefined) t.deepEqual(found, []);
    else t.true(found.length === 1 && found[0]?.startsWith(oddity), found.join('\n'));
  });
}
