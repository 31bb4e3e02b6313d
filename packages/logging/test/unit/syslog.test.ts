import test from 'ava';
import { defaultSyslogAddress, parseSyslogAddress } from '../../src/syslog/address.ts';
import { programName, syslogMessage } from '../../src/syslog/message.ts';

const ADDRESSES: readonly [text: string, address: object][] = [
  ['udp://localhost:514', { kind: 'udp', host: 'localhost', port: 514 }],
  ['udp://', { kind: 'udp', host: 'localhost', port: 514 }],
  ['tcp://LOG.example', { kind: 'tcp', host: 'log.example', port: 514 }],
  ['tcp://[::1]:601', { kind: 'tcp', host: '::1', port: 601 }],
  ['unix:///dev/log', { kind: 'unix', path: '/dev/log', type: undefined }],
  ['unix:///dev/log#dgram', { kind: 'unix', path: '/dev/log', type: 'dgram' }],
  ['unix:///dev/log#stream', { kind: 'unix', path: '/dev/log', type: 'stream' }],
];

for (const [text, address] of ADDRESSES) {
  test(`${text} is an address of syslog`, (t) => {
    t.deepEqual(parseSyslogAddress(text), address as never);
  });
}

for (const text of ['localhost', 'http://localhost', 'udp://h:x', 'udp://h:70000', 'unix:///dev/log#seq']) {
  test(`${text} is none, and the message says what one looks like`, (t) => {
    t.throws(() => parseSyslogAddress(text), { message: /must be "udp:\/\/HOST:PORT"/ });
  });
}

test('each system has its usual address', (t) => {
  t.is(defaultSyslogAddress('linux'), 'udp://localhost:514');
  t.is(defaultSyslogAddress('darwin'), 'unix:///var/run/syslog');
});

test("a message has Gunicorn's bytes", (t) => {
  const names = { facility: 'user', program: programName(undefined, 'shop.wsgi:app', 'error') } as const;
  const text = (level: 'critical' | 'error' | 'warning' | 'info' | 'debug'): string =>
    syslogMessage(names, level, 'said').toString();
  t.is(text('info'), `<14>gunicorn.shop.wsgi.app.error: [${process.pid}] said\0`);
  t.deepEqual(
    (['critical', 'error', 'warning', 'debug'] as const).map((level) => text(level).slice(0, 4)),
    ['<10>', '<11>', '<12>', '<15>'],
  );
});

test('prefix and facility are those of the settings', (t) => {
  const names = { facility: 'local3', program: programName('a:b', 'app', 'access') } as const;
  t.true(syslogMessage(names, 'info', 'x').toString().startsWith('<158>gunicorn.a:b.access: ['));
});
