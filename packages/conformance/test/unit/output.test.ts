import { PassThrough } from 'node:stream';
import test from 'ava';
import { Output } from '../../src/output.ts';

function collecting(): { output: Output; stream: PassThrough } {
  const output = new Output();
  const stream = new PassThrough();
  output.collect(stream);
  return { output, stream };
}

test('lines are put together from pieces, also in the middle of a character', async (t) => {
  const { output, stream } = collecting();
  const bytes = Buffer.from('Grüße\nbye\n');
  stream.write(bytes.subarray(0, 3));
  stream.write(bytes.subarray(3));
  await output.waitFor('bye');
  t.deepEqual(output.lines, ['Grüße', 'bye']);
});

test('a line that is already there is found', async (t) => {
  const { output, stream } = collecting();
  stream.write('worker 1\nworker 2\n');
  await output.waitFor('worker 2');
  const match = await output.waitFor(/worker (\d)/);
  t.is(match[1], '1');
});

test('lines before the given one are not looked at', async (t) => {
  const { output, stream } = collecting();
  stream.write('worker 1\n');
  await output.waitFor('worker 1');
  const second = output.waitFor(/worker (\d)/, { from: output.lines.length });
  stream.write('worker 2\n');
  t.is((await second)[1], '2');
});

test('several lines can be waited for', async (t) => {
  const { output, stream } = collecting();
  const third = output.waitFor(/worker (\d)/, { times: 3 });
  stream.write('worker 1\nworker 2\nsomething else\n');
  stream.write('worker 3\nworker 4\n');
  t.is((await third)[1], '3');
});

test('a line that does not come rejects with the log', async (t) => {
  const { output, stream } = collecting();
  stream.write('only this\n');
  await t.throwsAsync(output.waitFor('something else', { timeoutMs: 50 }), { message: /only this/ });
});

test('the end of all processes rejects at once', async (t) => {
  const { output, stream } = collecting();
  const waiting = output.waitFor('something else');
  stream.end('the last words, without a line end');
  await t.throwsAsync(waiting, { message: /Every process has ended.*\n.*the last words/ });
  await t.throwsAsync(output.waitFor('something else'), { message: /Every process has ended/ });
  t.deepEqual(output.matching(/last words/), ['the last words, without a line end']);
});
