import test from 'ava';
import { encodeFrame, FrameReader } from '../../src/protocol/frame.ts';
import { BadRequest, parseRequest } from '../../src/protocol/request.ts';

test('a message is its length in four bytes, the highest first, and JSON', (t) => {
  t.deepEqual(encodeFrame({ a: 1 }), Buffer.from('\0\0\0\x07{"a":1}'));
});

test('messages are found however they are cut', (t) => {
  const bytes = Buffer.concat([encodeFrame('one'), encodeFrame('zwölf'), encodeFrame('')]);
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new FrameReader(100);
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(bytes.subarray(at, at + size));
      for (let text = reader.next(); text !== undefined; text = reader.next()) found.push(text);
    }
    t.deepEqual(found, ['"one"', '"zwölf"', '""']);
    t.false(reader.isInside);
  }
});

test('a message that would be too long is known by its first four bytes', (t) => {
  const reader = new FrameReader(100);
  reader.push(Buffer.from([0, 0, 0, 101]));
  t.true(reader.isTooLong);
  t.is(reader.next(), undefined);
});

test("a request as Gunicorn's client sends it: further words stand in a list", (t) => {
  t.deepEqual(parseRequest('{"id": 1, "command": "worker add 2", "args": []}').words, ['worker', 'add', '2']);
  t.deepEqual(parseRequest('{"id": 1, "command": "worker add", "args": [2]}').words, ['worker', 'add', '2']);
});

test('a request of our own has named arguments, and may be answered by a stream', (t) => {
  t.deepEqual(parseRequest('{"id": "x", "command": "scale", "args": {"workers": 4}, "stream": true}'), {
    id: 'x',
    words: ['scale'],
    options: { workers: 4 },
    isStream: true,
  });
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', '{', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['null', 'null', /not a JSON object/],
  ['no command', '{"id": 1}', /Empty command/],
  ['an empty command', '{"command": "  "}', /Empty command/],
  ['an unknown key', '{"command": "help", "x": 1}', /unknown key "x"/],
  ['an id of another kind', '{"command": "help", "id": {}}', /id must be/],
  ['a stream of another kind', '{"command": "help", "stream": 1}', /stream must be/],
  ['args of another kind', '{"command": "help", "args": 1}', /args must be/],
  ['args that hold objects', '{"command": "help", "args": {"a": {}}}', /args must be/],
  ['args that hold lists', '{"command": "help", "args": [[]]}', /args must be/],
  ['too many words', JSON.stringify({ command: 'a '.repeat(33) }), /too many words/],
  ['deep nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, /nested deeper/],
];

for (const [what, text, message] of BAD) {
  test(`${what} is no request`, (t) => {
    const error = t.throws(() => parseRequest(text), { instanceOf: BadRequest });
    t.regex(error?.message ?? '', message);
  });
}

test('brackets in a text are no nesting', (t) => {
  t.deepEqual(parseRequest(JSON.stringify({ command: `x ${'['.repeat(50)} \\"{{{{{{{{{` })).words.length, 3);
});
