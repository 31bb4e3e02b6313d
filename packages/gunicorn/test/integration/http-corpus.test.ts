import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_HTTP_POLICY } from '@gunicorn-ts/http';
import { type Server, rawClient, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { isDeepStrictEqual } from 'node:util';
import { type CorpusCase, readCorpus } from '../../../http/test/corpus/corpus-case.ts';
import { DIFFERENCES, differingStatuses, type WorkerName } from '../../../http/test/corpus/differences.ts';
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

for (const [settings, cases] of byPolicy(CASES)) {
  for (const worker of ['sync', 'event'] as const) {
    test.serial(`${worker}: the ${cases.length} requests of the corpus with ${settings}`, async (t) => {
      const server = await startServer(t, {
        app: APP,
        args: ['-k', worker, '--application-kind', 'wsgi'],
        config: `export default { accesslog: '-', ...${settings} };`,
        bind: ['127.0.0.1:0', 'unix:gunicorn.sock'],
        until: 'listening',
      });
      const outcomes = await Promise.all(cases.map((sample) => play(t, server, sample, worker)));
      const wrong = outcomes.filter((outcome) => outcome !== undefined);
      t.deepEqual(wrong, []);
    });
  }
}

test('every case that is said to differ is in the corpus', (t) => {
  const names = new Set(CASES.map(({ name }) => name));
  t.deepEqual(
    DIFFERENCES.flatMap(({ cases }) => Object.keys(cases)).filter((name) => !names.has(name)),
    [],
  );
});

function byPolicy(cases: readonly CorpusCase[]): ReadonlyMap<string, readonly CorpusCase[]> {
  const groups = new Map<string, CorpusCase[]>();
  for (const sample of cases) {
    const changed = Object.entries(sample.policy).filter(
      ([key, value]) =>
        !isDeepStrictEqual(value, DEFAULT_HTTP_POLICY[key as keyof typeof DEFAULT_HTTP_POLICY]),
    );
    const settings = JSON.stringify(Object.fromEntries(changed));
    groups.set(settings, [...(groups.get(settings) ?? []), sample]);
  }
  return groups;
}

/** Sends one case; gives what is wrong with the answer. */
async function play(
  t: ExecutionContext,
  server: Server,
  sample: CorpusCase,
  worker: WorkerName,
): Promise<unknown> {
  const client = rawClient(t, connectAs(server, sample.peer));
  client.send(sample.bytes.toString('latin1'));
  client.socket.end();
  const received = await client.closes();
  const answers = readAnswers(
    received,
    sample.requests.map(({ method }) => String(method)),
  );
  const statuses = answers.map(({ status }) => status);
  const expected = expectedStatuses(sample, worker);
  if (!isDeepStrictEqual(statuses, expected)) return { name: sample.name, expected, statuses, received };
  const problems = answers.flatMap((answer, index) =>
    answer.status === 200 ? differences(answer.body, sample, index) : [],
  );
  return problems.length === 0 ? undefined : { name: sample.name, problems };
}

/** The sync worker serves one request a connection. */
function expectedStatuses({ name, requests, refused }: CorpusCase, worker: WorkerName): readonly number[] {
  const differing = differingStatuses(worker, name);
  if (differing !== undefined) return differing;
  const all = [...requests.map(() => 200), ...(refused === undefined ? [] : [refused.status])];
  return worker === 'sync' ? all.slice(0, 1) : all;
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

function connectAs(server: Server, peer: string): Socket {
  if (peer === '') return createConnection({ path: join(server.folder.path, 'gunicorn.sock') });
  const isStranger = peer !== '127.0.0.1' && peer !== '::ffff:127.0.0.1';
  return createConnection({
    port: server.port,
    host: '127.0.0.1',
    ...(isStranger && { localAddress: STRANGER }),
  });
}
