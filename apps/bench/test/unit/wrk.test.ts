import test from 'ava';
import { parseWrk } from '../../src/load/wrk.ts';

const GOOD = `Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  40123 requests in 2.10s, 5.2MB read
Requests/sec:  19106.19
`;

test('The figures of wrk are read', (t) => {
  t.deepEqual(parseWrk(GOOD), { requests: 40_123, requestsPerSecond: 19_106.19, failures: 0 });
});

test('All kinds of failures are counted', (t) => {
  const errors = '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n';
  t.is(parseWrk(GOOD.replace('Requests/sec', `${errors}Requests/sec`)).failures, 15);
});

test('What is not of wrk is refused', (t) => {
  t.throws(() => parseWrk('unable to connect to 127.0.0.1:8000'), { message: /wrk printed no figures/ });
});
