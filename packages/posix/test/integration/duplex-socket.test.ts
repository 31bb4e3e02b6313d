import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import test from 'ava';
import { DuplexSocket, FixedBuffer, openSocketPair, setBlocking } from '../../src/index.ts';

test('what one end sends the other receives, and an empty socket has nothing now', (t) => {
  const [one, other] = openSocketPair();
  for (const fd of [one, other]) setBlocking(fd);
  const sender = new DuplexSocket(one, () => {});
  const receiver = new DuplexSocket(other, () => {});
  const buffer = new FixedBuffer(64);
  t.is(receiver.receiveNow(buffer, 0), undefined);
  sender.send(Buffer.from('hello'));
  t.is(receiver.receive(buffer, 2), 5);
  t.is(buffer.bytes.toString('latin1', 2, 7), 'hello');
  sender.sendFixed(buffer, 7);
  t.is(receiver.receiveNow(buffer, 0), 7);
  closeSync(one);
  t.is(receiver.receive(buffer, 0), 0);
  closeSync(other);
});

test('sending stops when there is something to read', (t) => {
  const [one, other] = openSocketPair();
  setBlocking(one);
  const duplex = new DuplexSocket(one, () => {});
  const much = Buffer.alloc(4_000_000);
  const peer = new DuplexSocket(other, () => {});
  peer.send(Buffer.from('stop'));
  const sent = duplex.sendUnlessReadable(much);
  t.true(sent > 0 && sent < much.length, String(sent));
  closeSync(one);
  closeSync(other);
});

test('an end that is gone is an error for who sends', (t) => {
  const [one, other] = openSocketPair();
  setBlocking(one);
  closeSync(other);
  t.throws(() => new DuplexSocket(one, () => {}).send(Buffer.from('x')), { code: 'EPIPE' });
  new Socket({ fd: one }).destroy();
});

test('whoever waits for bytes, or for a reader, looks up now and then', (t) => {
  const [one, other] = openSocketPair();
  for (const fd of [one, other]) setBlocking(fd);
  const peer = new DuplexSocket(other, () => {});
  const buffer = new FixedBuffer(64);
  let looks = 0;
  const waiting = new DuplexSocket(one, () => {
    if (++looks === 2) peer.send(Buffer.from('at last'));
  });
  t.is(waiting.receive(buffer, 0), 7);
  t.is(looks, 2);
  const much = Buffer.alloc(1_000_000);
  const full = new DuplexSocket(one, () => {
    looks++;
    closeSync(other);
  });
  t.throws(() => full.send(much), { code: 'EPIPE' });
  t.is(looks, 3);
  closeSync(one);
});

test('who sends to a peer that neither reads nor says anything looks up, too', (t) => {
  const [one, other] = openSocketPair();
  for (const fd of [one, other]) setBlocking(fd);
  const peer = new DuplexSocket(other, () => {});
  const waiting = new DuplexSocket(one, () => peer.send(Buffer.from('stop')));
  t.true(waiting.sendUnlessReadable(Buffer.alloc(4_000_000)) < 4_000_000);
  closeSync(one);
  closeSync(other);
});
