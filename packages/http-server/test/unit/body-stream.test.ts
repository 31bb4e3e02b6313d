import test from 'ava';
import { BodyStream } from '../../src/kinds/direct/body-stream.ts';

function streamed(): { stream: BodyStream; calls: string[] } {
  const calls: string[] = [];
  const stream = new BodyStream({ begin: () => calls.push('begin'), resume: () => calls.push('resume') });
  return { stream, calls };
}

async function all(stream: BodyStream): Promise<string> {
  let text = '';
  for await (const piece of stream) text += Buffer.from(piece).toString();
  return text;
}

test('what arrives before and while it is read is read in order, and copied', async (t) => {
  const { stream, calls } = streamed();
  const bytes = Buffer.from('one ');
  t.true(stream.push(bytes));
  bytes.fill('x');
  t.deepEqual(calls, []);
  const read = all(stream);
  stream.push(Buffer.from('two'));
  stream.end();
  t.is(await read, 'one two');
  t.is(calls[0], 'begin');
});

test('no more is wanted than somebody reads, and more when somebody has', async (t) => {
  const { stream, calls } = streamed();
  t.false(stream.push(Buffer.alloc(70_000)));
  t.is((await stream.next())?.length, 70_000);
  t.deepEqual(calls, ['begin', 'resume']);
});

test('who reads a body that breaks off is told, but not who has read to its end', async (t) => {
  const { stream } = streamed();
  const next = stream.next();
  stream.fail(new Error('gone'));
  await t.throwsAsync(next, { message: 'gone' });
  await t.throwsAsync(stream.next(), { message: 'gone' });
  const whole = streamed().stream;
  whole.end();
  whole.fail(new Error('late'));
  t.is(await whole.next(), undefined);
});

test('what nobody will read is taken and forgotten', async (t) => {
  const { stream, calls } = streamed();
  stream.push(Buffer.alloc(70_000));
  stream.drop();
  t.deepEqual(calls, ['resume']);
  t.true(stream.push(Buffer.alloc(70_000)));
  t.is(await stream.next(), undefined);
});
