import test from 'ava';
import { waitedFor } from '../../src/current-request.ts';

function current(text: string, first = 0x51): Parameters<typeof waitedFor>[0] {
  const memory = Buffer.from(new SharedArrayBuffer(4096));
  memory[0] = first;
  memory.writeUInt32BE(text.length, 5);
  memory.write(text, 9, 'latin1');
  return { memory, lengthAt: 5, textAt: 9 };
}

test('the request is told by the fields of its environ', (t) => {
  const text = ['X', 'RAW_URI', 'REMOTE_ADDR', '10.0.0.9', 'REQUEST_METHOD', 'PUT', 'RAW_URI', '/a?b'].join(
    '\0',
  );
  t.deepEqual(waitedFor(current(text), 7), { method: 'PUT', target: '/a?b', peer: '10.0.0.9', ageMs: 7 });
});

test('where no request is waited for there is none', (t) => {
  t.is(waitedFor(undefined, 7), undefined);
  t.is(waitedFor(current('REQUEST_METHOD\0GET', 0), 7), undefined);
  // A frame without a request, that something which nobody wants any more is cut off with.
  t.is(waitedFor(current('', 0x41), 7), undefined);
});

test('a target is cut as in every summary', (t) => {
  const text = `REQUEST_METHOD\0GET\0RAW_URI\0/${'x'.repeat(500)}`;
  t.is(waitedFor(current(text), 7)?.target.length, 200);
});
