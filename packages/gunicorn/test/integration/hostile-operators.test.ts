import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { eventually, request, type Server, startLoad, startServer } from '@gunicorn-ts/test-kit';
import test, { type ExecutionContext } from 'ava';
import { adminUrl, Metrics } from './admin-probe.ts';
import { here } from './typed.ts';

/** Writes nonsense where its worker counts: descriptor 4 is the file that it shares with the arbiter. */
const APP = `
import { randomFillSync } from 'node:crypto';
import { writeSync } from 'node:fs';
const nonsense = [Buffer.alloc(16384, 255), randomFillSync(Buffer.alloc(16384)), Buffer.alloc(16384)];
export default (req, res) => {
  if (req.url === '/nonsense') for (const bytes of nonsense) writeSync(4, bytes, 0, bytes.length, 0);
  res.end('x');
};`;

const HALF_A_FRAME = Buffer.from([0, 0, 1, 0, 0x7b]);
const FRAME = (() => {
  const text = Buffer.from('{"id":1,"command":"status"}');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
})();
const FLOOD = 500;

/** A hundred clients: a third floods, a third sends a half of something, and none reads. */
function hundred(
  target: NetConnectOpts,
  { half, whole }: { half: Buffer; whole: Buffer },
): readonly Socket[] {
  return Array.from({ length: 100 }, (_, index) => {
    const socket = connect(target);
    socket.on('error', () => {});
    socket.pause();
    if (index % 3 === 0) socket.write(Buffer.concat(Array.from({ length: FLOOD }, () => whole)));
    if (index % 3 === 1) socket.write(half);
    return socket;
  });
}

function besiege(t: ExecutionContext, server: Server, admin: URL): void {
  const ask = 'GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const sockets = [
    ...hundred({ path: server.folder.file('ctl') }, { half: HALF_A_FRAME, whole: FRAME }),
    ...hundred(
      { port: Number(admin.port), host: admin.hostname },
      { half: Buffer.from(ask.slice(0, 9)), whole: Buffer.from(ask) },
    ),
  ];
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
}

test('whoever asks badly, a full disk, a statsd that is nowhere and figures that are nonsense are nothing to the requests', async (t) => {
  const server = await startServer(t, {
    app: APP,
    args: '--workers 2 --admin-bind 127.0.0.1:0 --control-socket ctl --statsd-host nowhere.invalid:8125 --access-logfile /dev/full'.split(
      ' ',
    ),
  });
  const admin = new URL(await adminUrl(server));
  const workers = server.workers();
  const load = startLoad({ url: server.url, newConnections: 2, keepAlive: 1 });
  await load.more(50);
  besiege(t, server, admin);
  const before = await Metrics.of(admin.origin);
  for (let count = 0; count < 3; count++) {
    await load.more(50);
    t.is((await request(`${server.url}/nonsense`)).status, 200);
    const looked = await Metrics.of(admin.origin);
    t.deepEqual(looked.lessThan(before), []);
    t.true(Number.isFinite(looked.of('gunicorn_worker_busy_seconds_total')));
  }
  const { failures, requests } = await load.stop();
  t.deepEqual(failures, []);
  t.true(requests >= 200);
  t.deepEqual(server.workers(), workers);
  // As soon as those that move nothing have to make room.
  await eventually(async () => (await here(server, 'ps', '-s', 'ctl')).code === 0);
});
