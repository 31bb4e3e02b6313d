import { once } from 'node:events';
import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { openSocketPair } from '@gunicorn-ts/posix';
import test, { type ExecutionContext } from 'ava';
import { openDescriptor } from '../../src/transport/wire.ts';
import { TransportStream } from '../../src/transport/transport-stream.ts';

interface Ends {
  readonly stream: TransportStream;
  readonly peer: Socket;
}

function makeEnds(t: ExecutionContext): Ends {
  const [ours, theirs] = openSocketPair();
  const stream = new TransportStream(openDescriptor(ours));
  const peer = new Socket({ fd: theirs, readable: true, writable: true, allowHalfOpen: true });
  t.teardown(() => {
    stream.destroy();
    peer.destroy();
  });
  return { stream, peer };
}

test('what is sent at once and what is written arrive in the order of the calls, also when the peer is slow', async (t) => {
  const { stream, peer } = makeEnds(t);
  const large = Buffer.alloc(1024 * 1024, 'l');
  const sent: string[] = [];
  const send = (name: string, data: Buffer): void => {
    stream.send(Buffer.from(`<${name}>`), data, () => sent.push(name));
  };
  send('a', Buffer.from('1'));
  t.deepEqual(sent, ['a']);
  send('b', large);
  stream.write('<c>2');
  send('d', Buffer.from('3'));
  stream.end('<e>4');
  t.deepEqual(sent, ['a']);
  const text = (await buffer(peer)).toString().replace(/l+/, (run) => String(run.length));
  t.is(text, `<a>1<b>${large.length}<c>2<d>3<e>4`);
  t.deepEqual(sent, ['a', 'b', 'd']);
});

test('who has ended the stream still hears the peer, and it closes when both have', async (t) => {
  const { stream, peer } = makeEnds(t);
  stream.end('bye');
  t.is((await buffer(peer)).toString(), 'bye');
  t.false(stream.destroyed);
  peer.end('and you');
  t.is((await buffer(stream)).toString(), 'and you');
  if (!stream.closed) await once(stream, 'close');
  t.pass();
});

/** The loop looks at every descriptor so often. */
async function looks(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await new Promise(setImmediate);
}

for (const pause of [0, 5]) {
  const when = pause === 0 ? 'did not listen yet' : 'had left bytes in the kernel by then';
  test(`what a peer has sent before it went is read to the end by one who ${when}`, async (t) => {
    const { stream, peer } = makeEnds(t);
    const pieces = 3;
    const piece = Buffer.alloc(48 * 1024, 'p');
    for (let count = 0; count < pieces; count++) peer.write(piece);
    await looks(pause);
    peer.destroySoon();
    await once(peer, 'close');
    await looks(2);
    t.is((await buffer(stream)).length, pieces * piece.length);
  });
}

test('who waits for a peer that goes is told, and what it sends then is nobody’s', async (t) => {
  const { stream, peer } = makeEnds(t);
  const isTold = new Promise<void>((resolve) => {
    stream.send(Buffer.from('<a>'), Buffer.alloc(4 * 1024 * 1024), resolve);
  });
  stream.on('error', () => undefined);
  peer.destroy();
  await isTold;
  if (!stream.closed) await once(stream, 'close');
  await t.notThrowsAsync(
    new Promise<void>((resolve) => stream.send(Buffer.from('<b>'), Buffer.from('1'), resolve)),
  );
});
