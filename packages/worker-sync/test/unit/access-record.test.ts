import test from 'ava';
import { headerIn } from '../../src/access-record.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nServer: gunicorn\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n';

for (const [name, value] of [
  ['server', 'gunicorn'],
  ['Set-Cookie', 'a=1, b=2'],
  ['X-Absent', undefined],
  ['HTTP/1.1 200 OK', undefined],
] as const) {
  test(`the header ${name} of a response is ${value ?? 'absent'}`, (t) => {
    t.is(headerIn(HEAD, name), value);
  });
}
