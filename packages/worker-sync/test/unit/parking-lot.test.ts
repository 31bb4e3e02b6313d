import { HttpRules, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { Settings, WorkerContext } from '@gunicorn-ts/interface';
import { BodyStore } from '@gunicorn-ts/wsgi';
import test, { type ExecutionContext } from 'ava';
import { IncomingRequest } from '../../src/incoming-request.ts';
import { type Arriving, ParkingLot } from '../../src/parking-lot.ts';
import { Refusals } from '../../src/refusals.ts';
import { RequestReader } from '../../src/request-reader.ts';
import { Watch } from '../../src/watch.ts';
import { type ClientEnd, connected, logged } from './ends.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const PATIENCE_MS = 60_000;

const SETTINGS = {
  limitRequestLine: 4094,
  limitRequestFields: 100,
  limitRequestFieldSize: 8190,
  limitRequestBody: 0,
  forwardedAllowIps: [],
  forwarderHeaders: [],
  secureSchemeHeaders: {},
  headerMap: 'drop',
  proxyProtocol: 'off',
  proxyAllowIps: [],
} as unknown as Settings;

function lotOf(t: ExecutionContext, places = 10): { lot: ParkingLot; watch: Watch; park(): ClientEnd } {
  const watch = new Watch(logged().log);
  const context = {
    log: logged().log,
    accessLog: false,
    requestFinished: () => {},
  } as unknown as WorkerContext;
  const refusals = new Refusals(context, new ResponseHeadWriter(), watch);
  const lot = new ParkingLot({
    watch,
    reader: new RequestReader(),
    refusals,
    places,
    patienceMs: PATIENCE_MS,
  });
  const rules = new HttpRules(SETTINGS);
  const store = new BodyStore(0);
  return {
    lot,
    watch,
    park() {
      const { client, connection } = connected(t);
      const incoming = new IncomingRequest(
        { rules, store, records: false },
        { address: '203.0.113.7', secure: false },
      );
      lot.park({ connection, incoming });
      return client;
    },
  };
}

function targetOf(arriving: Arriving | undefined): string | undefined {
  return arriving?.incoming.head?.target;
}

test('a request that becomes complete can be taken, once', (t) => {
  const { lot, watch, park } = lotOf(t);
  const client = park();
  client.send(GET.slice(0, 9));
  watch.look();
  t.false(lot.hasComplete);
  client.send(GET.slice(9));
  watch.look();
  t.true(lot.hasComplete);
  t.is(targetOf(lot.takeComplete()), '/');
  t.is(lot.takeComplete(), undefined);
  t.is(watch.size, 0);
});

test('half a request is answered with 408 when the patience ends, silence is not answered', (t) => {
  const { watch, park } = lotOf(t);
  const half = park();
  const silent = park();
  half.send('GET /');
  watch.look();
  watch.sweep(performance.now() + PATIENCE_MS + 1);
  t.regex(half.read() ?? '', /^HTTP\/1\.1 408 /);
  t.is(silent.read(), undefined);
});

test('a request that is none is answered and let go', (t) => {
  const { lot, watch, park } = lotOf(t);
  const client = park();
  client.send('NONSENSE\r\n\r\n');
  watch.look();
  t.regex(client.read() ?? '', /^HTTP\/1\.1 400 /);
  t.false(lot.hasComplete);
});

test('at the limit the one that has waited longest makes room', (t) => {
  const { watch, park } = lotOf(t, 2);
  const clients = [park(), park(), park()];
  t.deepEqual(
    clients.map((client) => client.read()),
    [undefined, '', ''],
  );
  t.is(watch.size, 2);
});

test('clients that are silent when the worker leaves are hurried, those that come later too', (t) => {
  const { lot, watch, park } = lotOf(t);
  const before = park();
  const begun = park();
  begun.send('GET /');
  watch.look();
  lot.hurrySilent(1000);
  const after = park();
  const late = park();
  late.send('GET /');
  watch.look();
  watch.sweep(performance.now() + 1001);
  t.deepEqual(
    [before, begun, after, late].map((client) => client.read()),
    [undefined, '', undefined, ''],
  );
});
