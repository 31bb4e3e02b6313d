import { spawnSync } from 'node:child_process';
import test from 'ava';
import { compileFormatter, type FormatterPlan } from '../../../src/python-logging/formatter.ts';

const AT = new Date(2026, 10, 5, 4, 3, 2, 7);
const RECORD = { name: 'gunicorn.error', level: 'warning', message: 'It is 5 % full', at: AT } as const;

const formats: readonly Pick<FormatterPlan, 'format' | 'datefmt' | 'style'>[] = [
  { format: '%(asctime)s [%(levelname)-10s] %(name).8s %(message)s 100%%', datefmt: undefined, style: '%' },
  {
    format: '%(levelno)05d|%(msecs)03d|%(created).3f|%(levelname)12s|%(processName)s',
    datefmt: undefined,
    style: '%',
  },
  {
    format: '%(asctime)s',
    datefmt: '[%Y-%m-%d %H:%M:%S %z] %y %b %B %a %A %j %I %p %T %F %e %%',
    style: '%',
  },
  {
    format: '{asctime} {levelname:<10}|{name:>20}|{levelno:05d}|{message:*^30}|{{}}',
    datefmt: '%d/%b',
    style: '{',
  },
  { format: '$levelname ${name} $$ $message', datefmt: undefined, style: '$' },
];

const PYTHON = `
import json, logging, sys
for one in json.load(sys.stdin):
    record = logging.LogRecord("gunicorn.error", 30, "-", 0, "It is 5 % full", None, None)
    record.created, record.msecs = one["at"] / 1000, one["at"] % 1000
    print(logging.Formatter(one["format"], one.get("datefmt"), one["style"]).format(record))
`;

test('formats of all three styles come out as Python has them', (t) => {
  const input = JSON.stringify(formats.map((one) => ({ ...one, at: AT.getTime() })));
  const { status, stdout } = spawnSync('python3', ['-c', PYTHON], {
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const ours = formats.map((one) => compileFormatter({ ...one, isJson: false })(RECORD));
  if (status === 0) t.deepEqual(ours, stdout.trimEnd().split('\n'));
  else t.is(ours[4], 'WARNING gunicorn.error $ It is 5 % full');
});

test('a JSON formatter writes an object with the fields of its format', (t) => {
  const format = compileFormatter({
    format: '%(levelname)s %(name)s %(message)s',
    datefmt: undefined,
    style: '%',
    isJson: true,
  });
  t.deepEqual(JSON.parse(format(RECORD)), {
    levelname: 'WARNING',
    name: 'gunicorn.error',
    message: 'It is 5 % full',
  });
});
