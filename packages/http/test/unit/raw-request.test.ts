import test from 'ava';
import {
  DEFAULT_HTTP_POLICY,
  HttpRules,
  RequestError,
  RequestParser,
  judgeRawRequest,
} from '../../src/index.ts';
import type { HttpPolicy, RawRequest } from '../../src/index.ts';
import { readCorpus } from '../corpus/corpus-case.ts';

const plain: RawRequest = {
  method: 'GET',
  url: '/',
  httpVersionMajor: 1,
  httpVersionMinor: 1,
  rawHeaders: ['Host', 'a'],
};
const peer = { address: '127.0.0.1', secure: false };

function judge(request: Partial<RawRequest>, policy: Partial<HttpPolicy> = {}, address = peer.address) {
  const rules = new HttpRules({ ...DEFAULT_HTTP_POLICY, ...policy });
  return judgeRawRequest({ ...plain, ...request }, { address, secure: false }, rules);
}

test('a plain request passes as it is', (t) => {
  const verdict = judge({});
  t.is(verdict.keptHeaders, undefined);
  t.like(verdict, { scheme: 'http', framing: { kind: 'none' } });
});

test('names are dropped and the scheme is read by the peer that sent them', (t) => {
  const rawHeaders = ['Host', 'a', 'SCRIPT_NAME', '/app', 'X_Y', 'z', 'X-Forwarded-Proto', 'https'];
  const kept = ['Host', 'a', 'SCRIPT_NAME', '/app', 'X-Forwarded-Proto', 'https'];
  t.like(judge({ rawHeaders }), { scheme: 'https', keptHeaders: kept });
  const strangers = judge({ rawHeaders }, {}, '192.0.2.1');
  t.is(strangers.scheme, 'http');
  t.deepEqual(strangers.keptHeaders, ['Host', 'a', 'X-Forwarded-Proto', 'https']);
});

const host = ['Host', 'a'];
const REFUSED: readonly (readonly [
  code: string,
  request: Partial<RawRequest>,
  policy?: Partial<HttpPolicy>,
])[] = [
  ['request-line-too-long', { url: '/aaaaaaaa' }, { limitRequestLine: 21 }],
  ['http-version-unsupported', { httpVersionMajor: 2, httpVersionMinor: 0 }],
  ['target', { url: '*' }],
  ['too-many-fields', { rawHeaders: [...host, 'X', '1'] }, { limitRequestFields: 1 }],
  ['field-too-long', { rawHeaders: [...host, 'X', 'aaaaaa'] }, { limitRequestFieldSize: 10 }],
  ['underscore-name', { rawHeaders: [...host, 'X_Y', 'z'] }, { headerMap: 'refuse' }],
  ['missing-host', { rawHeaders: [] }],
  ['duplicate-field', { rawHeaders: [...host, 'host', 'a'] }],
  ['duplicate-field', { rawHeaders: [...host, 'Content-Type', 'a/b', 'content-type', 'a/b'] }],
  ['duplicate-field', { rawHeaders: [...host, 'Content-Length', '1', 'Content-Length', '1'] }],
  ['host', { rawHeaders: ['Host', 'a/b'] }],
  ['expectation', { rawHeaders: [...host, 'Expect', '200-ok'] }],
  ['transfer-encoding', { httpVersionMinor: 0, rawHeaders: [...host, 'Transfer-Encoding', 'chunked'] }],
  ['ambiguous-length', { rawHeaders: [...host, 'Transfer-Encoding', 'chunked', 'Content-Length', '1'] }],
  ['content-too-large', { rawHeaders: [...host, 'Content-Length', '5'] }, { limitRequestBody: 4 }],
  ['contradictory-scheme', { rawHeaders: [...host, 'X-Forwarded-Proto', 'https', 'X-Forwarded-Ssl', 'off'] }],
  ['forwarded', { rawHeaders: [...host, 'Forwarded', 'for="'] }],
];

for (const [code, request, policy] of REFUSED) {
  test(`a request of node:http is refused as ${code}: ${JSON.stringify(request)}`, (t) => {
    t.throws(() => judge(request, policy), { instanceOf: RequestError, code });
  });
}

test('a line and a header of exactly the limit pass', (t) => {
  t.notThrows(() => judge({ url: '/aaaaaaa' }, { limitRequestLine: 21 }));
  t.notThrows(() => judge({ rawHeaders: [...host, 'X', 'aaaaa'] }, { limitRequestFieldSize: 10 }));
});

test('HTTP/1.0 needs no Host, and its expectations are ignored', (t) => {
  t.notThrows(() => judge({ httpVersionMinor: 0, rawHeaders: ['Expect', 'x'] }));
});

test('what our own parser takes is judged the same when it comes as raw headers', (t) => {
  for (const sample of readCorpus('accepted')) {
    const rules = new HttpRules(sample.policy);
    const connection = { address: sample.peer, secure: false };
    const parser = new RequestParser(rules, connection);
    parser.push(sample.bytes);
    t.is(parser.next(), 'head');
    const { method, target, version, fields, scheme, forwarded, framing } = parser.head!;
    const rawHeaders = fields.entries().flat();
    t.deepEqual(
      judgeRawRequest(
        {
          method,
          url: target,
          httpVersionMajor: Math.floor(version / 10),
          httpVersionMinor: version % 10,
          rawHeaders,
        },
        connection,
        rules,
      ),
      { scheme, forwarded, framing, keptHeaders: undefined },
      sample.name,
    );
  }
});
