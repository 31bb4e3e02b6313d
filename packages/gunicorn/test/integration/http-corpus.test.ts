import { createConnection, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { makeCertificate, rawClient, type Server, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { type CorpusCase, readCorpus } from '../../../http/test/corpus/corpus-case.ts';
import { type CorpusGroup, groupsOf, verdictOn } from '../../../http/test/corpus/groups.ts';
import { readAnswers } from './http-answers.ts';

/** Answers with all that a WSGI application sees of a request. */
const APP = `
  export default (environ, startResponse) => {
    const body = Buffer.from(environ['wsgi.input'].read()).toString('latin1');
    const strings = Object.entries(environ).filter(([, value]) => typeof value === 'string');
    const text = JSON.stringify({ ...Object.fromEntries(strings), body });
    startResponse('200 OK', [['Content-Type', 'application/json']]);
    return [Buffer.from(text)];
  };`;

/** An address of this machine that no list of trusted peers names, for the foreign peers of the corpus. */
const STRANGER = '127.0.0.2';

const CASES: readonly CorpusCase[] = [...readCorpus('accepted'), ...readCorpus('refused')]
  // Peers in a network of somebody else cannot be had on this machine.
  .filter(({ peer }) => !peer.startsWith('10.'));

/** How a request comes to the server. */
type Way = 'tcp' | 'unix' | 'tls';

const folder = mkdtempSync(join(tmpdir(), 'gunicorn-corpus-'));
const { keyfile, certfile } = makeCertificate({ file: (name) => join(folder, name) });
const CERTIFICATE = {
  'server.key': readFileSync(keyfile, 'utf8'),
  'server.crt': readFileSync(certfile, 'utf8'),
};
rmSync(folder, { recursive: true });

for (const group of groupsOf(CASES)) {
  for (const worker of ['sync', 'event'] as const) {
    const title = `${worker}: ${group.cases.length} requests of the corpus with ${JSON.stringify(group.settings)}`;
    test.serial(`${title}, over TCP and a unix socket`, async (t) => {
      const server = await serverFor(t, group, worker);
      await decidesAlike(t, server, worker, [
        ...group.cases.map((sample) => [sample, 'tcp'] as const),
        ...group.cases.filter(isTheSameFromUnix).map((sample) => [sample, 'unix'] as const),
      ]);
    });

    // Before TLS stands the PROXY protocol, in clear text: that is another order, and has tests of its own.
    if ('proxyProtocol' in group.settings) continue;
    test.serial(`${title}, over TLS`, async (t) => {
      const server = await serverFor(t, group, worker, { keyfile: 'server.key', certfile: 'server.crt' });
      const cases = group.cases.filter(({ peer }) => peer !== '');
      await decidesAlike(
        t,
        server,
        worker,
        cases.map((sample) => [sample, 'tls']),
      );
    });
  }
}

function serverFor(
  t: ExecutionContext,
  { settings }: CorpusGroup,
  worker: string,
  tls: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const config = { accesslog: '-', ...settings, ...tls };
  return startServer(t, {
    app: APP,
    files: CERTIFICATE,
    args: ['-k', worker, '--application-kind', 'wsgi'],
    config: `export default ${JSON.stringify(config)};`,
    bind: ['127.0.0.1:0', 'unix:gunicorn.sock'],
    until: 'listening',
  });
}

/** Whether it is the same to come from its peer and from a unix socket, which is trusted. */
function isTheSameFromUnix(sample: CorpusCase): boolean {
  return sample.peer !== '' && isDeepStrictEqual(verdictOn(sample, sample.peer), verdictOn(sample, ''));
}

async function decidesAlike(
  t: ExecutionContext,
  server: Server,
  worker: string,
  cases: readonly (readonly [CorpusCase, Way])[],
): Promise<void> {
  const outcomes = await Promise.all(cases.map(([sample, way]) => play(t, server, sample, { way, worker })));
  t.deepEqual(
    outcomes.filter((outcome) => outcome !== undefined),
    [],
  );
}

/** Sends one case; gives what is wrong with the answer. */
async function play(
  t: ExecutionContext,
  server: Server,
  sample: CorpusCase,
  { way, worker }: { readonly way: Way; readonly worker: string },
): Promise<unknown> {
  const client = rawClient(t, connectAs(server, sample.peer, way));
  client.send(sample.bytes.toString('latin1'));
  client.socket.end();
  const received = await client.closes();
  const verdict = verdictOn(sample, sample.peer, way === 'tls');
  const answers = readAnswers(
    received,
    verdict.requests.map(({ method }) => String(method)),
  );
  const statuses = answers.map(({ status }) => status);
  const served = verdict.requests.filter(({ complete }) => complete === true);
  const all = [...served.map(() => 200), ...(verdict.error === undefined ? [] : [verdict.error.status])];
  // The sync worker serves one request a connection.
  const expected = worker === 'sync' ? all.slice(0, 1) : all;
  if (!isDeepStrictEqual(statuses, expected)) return { name: sample.name, way, expected, statuses, received };
  const told = {
    ...sample,
    requests: served.map((request, index) => ({ ...sample.requests[index], scheme: request['scheme'] })),
  };
  const problems = answers.flatMap((answer, index) =>
    answer.status === 200 ? differences(answer.body, told, index) : [],
  );
  return problems.length === 0 ? undefined : { name: sample.name, way, problems };
}

function differences(body: string, { name, requests, proxy }: CorpusCase, index: number): unknown[] {
  const request = requests[index];
  if (request === undefined || body === '') return [];
  const environ = JSON.parse(body) as Record<string, string>;
  const source = (proxy as { source?: { address: string } } | undefined)?.source;
  const wanted: Record<string, unknown> = {
    ...(request['method'] !== undefined && { REQUEST_METHOD: request['method'] }),
    ...(request['target'] !== undefined && { RAW_URI: request['target'] }),
    ...(request['protocol'] !== undefined && { SERVER_PROTOCOL: request['protocol'] }),
    ...(request['scheme'] !== undefined && { 'wsgi.url_scheme': request['scheme'] }),
    ...(request['body'] !== undefined && { body: request['body'] }),
    ...(source !== undefined && { REMOTE_ADDR: source.address }),
    ...variables((request['headers'] ?? []) as [string, string][]),
  };
  const found = Object.keys(environ).filter((key) => key.startsWith('HTTP_'));
  const unexpected = request['headers'] === undefined ? [] : found.filter((key) => !(key in wanted));
  return [
    ...unexpected.map((key) => ({ name, unexpected: key })),
    ...Object.entries(wanted)
      .filter(([key, value]) => environ[key] !== value)
      .map(([key, value]) => ({ name, key, wanted: value, found: environ[key] })),
  ];
}

/** Headers as WSGI names them. */
function variables(headers: readonly (readonly [string, string])[]): Record<string, string> {
  const environ: Record<string, string> = {};
  for (const [name, value] of headers) {
    const upper = name.toUpperCase().replaceAll('-', '_');
    const key = upper === 'CONTENT_TYPE' || upper === 'CONTENT_LENGTH' ? upper : `HTTP_${upper}`;
    environ[key] = key in environ ? `${environ[key]},${value}` : value;
  }
  return environ;
}

function connectAs(server: Server, peer: string, way: Way): Socket {
  if (way === 'unix' || peer === '')
    return createConnection({ path: join(server.folder.path, 'gunicorn.sock') });
  const isStranger = peer !== '127.0.0.1' && peer !== '::ffff:127.0.0.1';
  const from = { port: server.port, host: '127.0.0.1', ...(isStranger && { localAddress: STRANGER }) };
  return way === 'tls' ? connectTls({ ...from, rejectUnauthorized: false }) : createConnection(from);
}
