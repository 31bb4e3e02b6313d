import test from 'ava';
import { parseWrk } from '../../src/load/wrk.ts';

const OUTPUT = `Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   313.10us  100.00us   4.00ms   90.00%
  40123 requests in 2.10s, 5.2MB read
Requests/sec:  19106.19
figures {"requests":40123,"microseconds":2100000,"p50":310,"p99":1250,"p999":4000,"connect":1,"read":2,"write":3,"status":5,"timeout":4}
`;

test('The figures are read from the line that the script prints, times in milliseconds', (t) => {
  t.like(parseWrk(OUTPUT), { requests: 40_123, p50: 0.31, p99: 1.25, p999: 4 });
  t.is(Math.round(parseWrk(OUTPUT).requestsPerSecond), 19_106);
});

test('Failures are told apart: what was not taken, what was cut off, what was late, and what was refused', (t) => {
  t.deepEqual(parseWrk(OUTPUT).failures, { refused: 1, reset: 5, timeout: 4, status: 5 });
});

test('What is not of wrk is refused', (t) => {
  t.throws(() => parseWrk('unable to connect to 127.0.0.1:8000'), { message: /wrk printed no figures/ });
});

test('A line of another version of the script is refused', (t) => {
  t.throws(() => parseWrk('figures {"requests":1}'), { message: /no "microseconds"/ });
});
