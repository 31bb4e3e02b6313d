import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { DescriptorOutbox } from '../../src/outbox.ts';
import { Watch } from '../../src/watch.ts';
import { type ClientEnd, connected, logged } from './ends.ts';

/** More than the sockets between hold. */
const LARGE = 4_000_000;

function outboxOf(
  t: ExecutionContext,
  patienceMs = 60_000,
): { client: ClientEnd; outbox: DescriptorOutbox; watch: Watch } {
  const { client, connection } = connected(t);
  const watch = new Watch(logged().log);
  t.teardown(() => connection.close());
  return { client, outbox: new DescriptorOutbox(connection.fd, watch, patienceMs), watch };
}

/** Reads, and lets the outbox go on, until it is empty. */
async function readAll(client: ClientEnd, outbox: DescriptorOutbox, watch: Watch): Promise<string> {
  let text = '';
  const drained = outbox.drained();
  await eventually(() => {
    text += client.read() ?? '';
    watch.look();
    return outbox.empty;
  });
  await drained;
  return text + (client.read() ?? '');
}

test('what is small goes in one piece, when it is flushed', (t) => {
  const { client, outbox } = outboxOf(t);
  outbox.text('head ');
  outbox.bytes(Buffer.from('body'));
  t.is(client.read(), '');
  outbox.flush();
  t.is(client.read(), 'head body');
  t.true(outbox.empty);
});

test('what the client does not take at once waits, in order', async (t) => {
  const { client, outbox, watch } = outboxOf(t);
  outbox.text('a');
  outbox.bytes(Buffer.alloc(LARGE, 'b'));
  outbox.text('c');
  outbox.flush();
  t.false(outbox.empty);
  const text = await readAll(client, outbox, watch);
  t.is(text.length, LARGE + 2);
  t.regex(text, /^ab+c$/);
  t.is(watch.size, 0);
});

test('bytes whose owner may change them are copied', async (t) => {
  const { client, outbox, watch } = outboxOf(t);
  const bytes = Buffer.alloc(LARGE, 'b');
  outbox.bytes(bytes);
  outbox.keep();
  bytes.fill('x');
  t.regex(await readAll(client, outbox, watch), /^b+$/);
});

test('nothing is added to what is sealed', (t) => {
  const { client, outbox } = outboxOf(t);
  outbox.seal();
  outbox.text('late');
  outbox.bytes(Buffer.from('later'));
  outbox.flush();
  t.is(client.read(), '');
});

test('a client that does not read for too long is given up', async (t) => {
  const { outbox, watch } = outboxOf(t, 1000);
  outbox.bytes(Buffer.alloc(LARGE));
  const drained = outbox.drained();
  watch.sweep(performance.now() + 500);
  t.false(outbox.gone);
  watch.sweep(performance.now() + 1001);
  t.true(outbox.gone);
  await drained;
  t.is(watch.size, 0);
});

test('a client that has left is noticed', (t) => {
  const { client, outbox } = outboxOf(t);
  client.close();
  outbox.text('for nobody');
  outbox.flush();
  t.true(outbox.gone);
  t.true(outbox.empty);
});

test('a part of a file is sent after its descriptor was closed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), 'f'.repeat(LARGE));
  const { client, outbox, watch } = outboxOf(t);
  const file = openSync(join(folder, 'file'), 'r');
  outbox.text('head');
  outbox.file(file, LARGE);
  closeSync(file);
  const text = await readAll(client, outbox, watch);
  t.is(text.length, LARGE + 4);
  t.regex(text, /^headf+$/);
});
