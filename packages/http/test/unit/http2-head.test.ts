import test from 'ava';
import {
  DEFAULT_HTTP_POLICY,
  Http2HeadReader,
  type HttpPolicy,
  HttpRules,
  type RefusalCode,
  RequestError,
  RequestParser,
  type StreamInfo,
} from '../../src/index.ts';

const GET = [':method', 'GET', ':scheme', 'http', ':authority', 'a', ':path', '/p?q'];
const STREAM: StreamInfo = { address: '127.0.0.1', secure: false, hasBody: false };

function reader(policy: Partial<HttpPolicy> = {}): Http2HeadReader {
  return new Http2HeadReader(new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy }));
}

test('a head says what the same request would say in HTTP/1, and its own version', (t) => {
  const head = reader().read([...GET, 'accept', '*/*', 'cookie', 'a=1', 'x', 'y', 'cookie', 'b=2'], STREAM);
  t.like(head, {
    method: 'GET',
    target: '/p?q',
    version: 20,
    protocol: 'HTTP/2.0',
    host: 'a',
    scheme: 'http',
  });
  t.deepEqual(head.fields.entries(), [
    ['host', 'a'],
    ['accept', '*/*'],
    ['x', 'y'],
    ['cookie', 'a=1; b=2'],
  ]);
  t.is(head.framing.kind, 'none');
});

test('a head that was refused in the middle leaves nothing to the next one', (t) => {
  const heads = reader({ limitRequestFields: 2 });
  t.throws(() => heads.read([...GET, 'a', '1', 'b', '2', 'c', '3'], STREAM), { instanceOf: RequestError });
  t.throws(() => heads.read([':method', 'GET', ':path', ' '], STREAM), { instanceOf: RequestError });
  const first = heads.read([...GET, 'x', 'y'], STREAM);
  heads.read([...GET, 'x', 'z'], STREAM);
  t.deepEqual(first.fields.entries(), [
    ['host', 'a'],
    ['x', 'y'],
  ]);
});

test('a body is announced by its length, or as chunked', (t) => {
  const hasBody = { ...STREAM, hasBody: true };
  t.like(reader().read([...GET, 'content-length', '5'], hasBody).framing, { kind: 'length', length: 5 });
  const unknown = reader().read([...GET, 'expect', '100-continue'], hasBody);
  t.is(unknown.framing.kind, 'chunked');
  t.is(unknown.fields.get('transfer-encoding'), 'chunked');
  t.true(unknown.expectsContinue);
});

const SCHEMES: readonly (readonly [scheme: 'http' | 'https', said: string, stream: Partial<StreamInfo>])[] = [
  ['http', 'http', {}],
  ['https', 'https', {}],
  ['http', 'https', { address: '10.0.0.1' }],
  ['https', 'http', { secure: true }],
];

for (const [scheme, said, stream] of SCHEMES) {
  test(`:scheme ${said} from ${JSON.stringify(stream)} is ${scheme}`, (t) => {
    const fields = [':method', 'GET', ':scheme', said, ':authority', 'a', ':path', '/'];
    t.is(reader().read(fields, { ...STREAM, ...stream }).scheme, scheme);
  });
}

test('OPTIONS * and CONNECT have the targets that they have in HTTP/1', (t) => {
  const options = reader().read([':method', 'OPTIONS', ':path', '*', ':authority', 'a'], STREAM);
  t.is(options.target, '*');
  const connect = reader().read([':method', 'CONNECT', ':authority', 'a:443'], STREAM);
  t.is(connect.target, 'a:443');
});

const REFUSED: readonly (readonly [
  code: RefusalCode,
  fields: readonly string[],
  policy?: Partial<HttpPolicy>,
])[] = [
  ['host', [...GET, 'host', 'b']],
  ['missing-host', [':method', 'GET', ':path', '/', ':scheme', 'http']],
  ['field-value', [...GET, 'x', 'a\r\nsmuggled: 1']],
  ['field-value', [...GET, 'x', 'a\nb']],
  ['field-value', [':method', 'GET', ':path', '/ HTTP/1.1\r\nx: ', ':authority', 'a']],
  ['http-version', [':method', 'GET', ':path', '/ HTTP/1.1', ':authority', 'a']],
  ['transfer-encoding', [...GET, 'transfer-encoding', 'chunked']],
  ['content-length', [...GET, 'content-length', '5, 5']],
  ['content-too-large', [...GET, 'content-length', '11'], { limitRequestBody: 10 }],
  ['too-many-fields', [...GET, 'a', '1', 'b', '2'], { limitRequestFields: 2 }],
  ['field-too-long', [...GET, 'a', 'x'.repeat(100)], { limitRequestFieldSize: 50 }],
  ['request-line-too-long', [':method', 'GET', ':path', `/${'a'.repeat(50)}`], { limitRequestLine: 40 }],
  ['underscore-name', [...GET, 'a_b', '1'], { headerMap: 'refuse' }],
  ['expectation', [...GET, 'expect', 'magic']],
];

for (const [code, fields, policy] of REFUSED) {
  test(`${code} refuses ${JSON.stringify(fields.slice(-4)).slice(0, 60)}`, (t) => {
    const error = t.throws(() => reader(policy).read(fields, STREAM), { instanceOf: RequestError });
    t.is(error?.code, code);
  });
}

test('trailers are read under the rules of trailers', (t) => {
  t.deepEqual(reader().readTrailers(['x-sum', '1', 'x-b', '2']).entries(), [
    ['x-sum', '1'],
    ['x-b', '2'],
  ]);
  t.is(
    t.throws(() => reader().readTrailers(['content-length', '1']), { instanceOf: RequestError })?.code,
    'trailer-name',
  );
  const few = reader({ limitRequestFields: 1 });
  t.is(
    t.throws(() => few.readTrailers(['a', '1', 'b', '2']), { instanceOf: RequestError })?.code,
    'too-many-fields',
  );
});

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** What a parser finds in bytes that come one by one. */
function eventsOf(text: string, policy: Partial<HttpPolicy>, address = '127.0.0.1'): string[] {
  const rules = new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy });
  const parser = new RequestParser(rules, { address, secure: false });
  const events: string[] = [];
  for (const octet of Buffer.from(text, 'latin1')) {
    parser.push(Buffer.from([octet]));
    const event = parser.next();
    if (event === 'more') continue;
    events.push(event === 'error' ? parser.error!.code : event);
    if (event !== 'head') break;
  }
  if (events.at(-1) === 'preface') events.push(parser.takeRest().toString('latin1'));
  return events;
}

test('the preface is found where it may be, and nothing of it is lost', (t) => {
  t.deepEqual(eventsOf(PREFACE, { priorKnowledge: true }), ['preface', PREFACE]);
  t.deepEqual(eventsOf(`PROXY UNKNOWN\r\n${PREFACE}`, { priorKnowledge: true, proxyProtocol: 'v1' }), [
    'preface',
    PREFACE,
  ]);
  t.deepEqual(eventsOf(PREFACE, { priorKnowledge: true }, '10.0.0.1'), ['http-version-unsupported']);
  t.deepEqual(eventsOf(PREFACE, {}), ['http-version-unsupported']);
});

test('what begins like the preface and goes on as a request is one', (t) => {
  t.deepEqual(eventsOf('PRI /x HTTP/1.1\r\nHost: a\r\n\r\n', { priorKnowledge: true }), ['head']);
  t.deepEqual(eventsOf('GET / HTTP/1.1\r\nHost: a\r\n\r\n', { priorKnowledge: true, servesHttp1: false }), [
    'http-version-unsupported',
  ]);
});
