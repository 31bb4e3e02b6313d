import test from 'ava';
import { BodyStore, WsgiInput } from '../../src/index.ts';

function input(text: string): WsgiInput {
  const collector = new BodyStore(0).collect();
  collector.append(Buffer.from(text));
  return new WsgiInput(collector.finish());
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('read gives as many bytes as asked for, and empty bytes at the end', (t) => {
  const body = input('abcdef');
  t.is(text(body.read(2)), 'ab');
  t.is(text(body.read(0)), '');
  t.is(text(body.read()), 'cdef');
  t.is(text(body.read(5)), '');
  t.is(text(body.read(-1)), '');
});

test('readline stops after the line feed or at the size', (t) => {
  const body = input('one\ntwo\nthree');
  t.is(text(body.readline()), 'one\n');
  t.is(text(body.readline(2)), 'tw');
  t.is(text(body.readline(10)), 'o\n');
  t.is(text(body.readline(-1)), 'three');
  t.is(text(body.readline()), '');
});

test('a line may be longer than the window that is searched', (t) => {
  const long = 'x'.repeat(20_000);
  const body = input(`${long}\nrest`);
  t.is(text(body.readline()), `${long}\n`);
  t.is(text(body.readline()), 'rest');
});

test('readlines and iteration give the lines that are left', (t) => {
  t.deepEqual(input('a\nb\nc').readlines().map(text), ['a\n', 'b\n', 'c']);
  t.deepEqual(input('a\nb\nc').readlines(3).map(text), ['a\n', 'b\n']);
  const body = input('a\nb\n');
  body.readline();
  t.deepEqual([...body].map(text), ['b\n']);
});

test('asynchronous iteration gives the bytes that are left', async (t) => {
  const body = input('ab\ncd');
  body.read(1);
  const pieces: string[] = [];
  for await (const piece of body) pieces.push(text(piece));
  t.deepEqual(pieces, ['b\ncd']);
});
