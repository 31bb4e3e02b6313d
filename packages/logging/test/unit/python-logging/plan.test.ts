import test from 'ava';
import { dictOfIni } from '../../../src/python-logging/ini.ts';
import { readLiteral } from '../../../src/python-logging/literal.ts';
import { DICT_DEFAULTS, planLogging } from '../../../src/python-logging/plan.ts';

const INI = `
# A comment
[loggers]
keys = root, error, access

[handlers]
keys = console, file, mail, log

[formatters]
keys = plain

[logger_root]
level = INFO
handlers = console

[logger_error]
qualname = gunicorn.error
level = WARN
handlers = file, mail

[logger_access]
qualname = gunicorn.access
handlers = log
propagate = 0

[handler_console]
class = StreamHandler
args = (sys.stdout,)

[handler_file]
class = handlers.RotatingFileHandler
level = ERROR
formatter = plain
args = ('%(here)s/error.log', 'a',
  1024)

[handler_mail]
class = handlers.SMTPHandler
args = ('localhost', 'a@b', ['c@d'], 'It broke')

[handler_log]
class: handlers.SysLogHandler
args: ('/dev/log', handlers.SysLogHandler.LOG_LOCAL3)

[formatter_plain]
format = %(levelname)s %(module)s %(message)s
datefmt = %H:%M
`;

test('a file in INI format: handlers of a logger and of those above it, and what cannot be done in words', (t) => {
  const { error, access, notes } = planLogging(dictOfIni(INI, { here: '/etc/shop' }));
  t.is(error?.level, 'warning');
  t.like(error?.handlers[0], {
    name: 'file',
    target: { kind: 'file', path: '/etc/shop/error.log' },
    level: 40,
  });
  t.is(error?.handlers[0]?.formatter.format, '%(levelname)s %(module)s %(message)s');
  // It passes on what it has, as it does in Python unless it is told not to.
  t.deepEqual(
    error?.handlers.map(({ name }) => name),
    ['file', 'console'],
  );
  t.is(access?.level, undefined);
  t.deepEqual(
    access?.handlers.map(({ target }) => target),
    [{ kind: 'syslog', address: 'unix:///dev/log', facility: 'local3' }],
  );
  t.deepEqual(notes, [
    'the rotation of handler file, since many processes write the file: logrotate and "gunicorn reopen-logs" do it',
    'module in formatter plain, since there is no source of Python: "-" or 0 is written',
    'handler mail (logging.handlers.SMTPHandler), which is code of Python',
  ]);
});

test('a dict is laid over what Gunicorn has, member by member: with formatters alone, lines are written twice', (t) => {
  const { error, access, notes } = planLogging({
    ...DICT_DEFAULTS,
    formatters: { generic: { format: '%(message)s' } },
  });
  t.deepEqual(
    [error, access].map((one) => one?.handlers.map(({ target }) => target.kind)),
    [
      ['stderr', 'stdout'],
      ['stdout', 'stdout'],
    ],
  );
  t.deepEqual(notes, []);
});

for (const [said, propagate, names] of [
  ['nothing of it', undefined, ['console']],
  ['null', null, ['console']],
  ['0', 0, ['console']],
  ['true', true, ['console', 'above', 'console']],
] as const) {
  test(`one of the two loggers passes on what it has where a dict says so: propagate is ${said}`, (t) => {
    const { error } = planLogging({
      ...DICT_DEFAULTS,
      root: { handlers: ['console'] },
      loggers: {
        'gunicorn.error': { handlers: ['console'], ...(propagate !== undefined && { propagate }) },
        gunicorn: { handlers: ['above'] },
      },
      handlers: {
        console: { class: 'logging.StreamHandler' },
        above: { class: 'logging.StreamHandler' },
      },
    });
    t.deepEqual(
      error?.handlers.map(({ name }) => name),
      [...names],
    );
  });
}

test('loggers that are not named are written as ever, and so are those of which nothing can be done', (t) => {
  const { error, access } = planLogging({
    ...DICT_DEFAULTS,
    root: { handlers: [] },
    loggers: { 'gunicorn.error': { handlers: ['queue'] }, app: { handlers: ['queue'] } },
    handlers: { queue: { class: 'logging.handlers.QueueHandler' } },
  });
  t.deepEqual([error, access], [undefined, undefined]);
});

test('a handler that writes nothing is one', (t) => {
  const { access } = planLogging({
    ...DICT_DEFAULTS,
    loggers: { 'gunicorn.access': { handlers: ['none'], propagate: false } },
    handlers: { none: { class: 'logging.NullHandler' } },
  });
  t.deepEqual(access?.handlers, []);
});

for (const [title, config, message] of [
  [
    'a handler that is not there',
    { handlers: {} },
    /^has no handler "error_console", which logger "gunicorn\.error" names$/,
  ],
  [
    'a file without a name',
    {
      handlers: {
        console: { class: 'logging.FileHandler' },
        error_console: { class: 'logging.FileHandler' },
      },
    },
    /gives handler "error_console" no filename/,
  ],
] as const) {
  test(`${title} is refused, as Python refuses it`, (t) => {
    t.throws(() => planLogging({ ...DICT_DEFAULTS, ...(config as object) }), { message });
  });
}

test('arguments are literals; what Python would run is refused with its place', (t) => {
  t.deepEqual(readLiteral(`('a\\'b', "c", 0x10, -1.5, True, None, [1, 2], {'k': ()}, sys.stdout)`), [
    "a'b",
    'c',
    16,
    -1.5,
    true,
    null,
    [1, 2],
    { k: [] },
    { name: 'sys.stdout' },
  ]);
  t.is(readLiteral(`('one')`), 'one');
  t.deepEqual(readLiteral(`('one',)`), ['one']);
  t.throws(() => readLiteral(`(os.environ['LOG'],)`), { message: "is no literal at: ['LOG'],)" });
  t.throws(() => dictOfIni(INI.replace('(sys.stdout,)', '(open("x"),)'), {}), {
    message: /^has args that are code: \(open\("x"\),\); is no literal at: \("x"\),\)$/,
  });
});

for (const [text, message] of [
  ['', 'has no section [loggers]'],
  ['key = value', 'has a line before its first section: key = value'],
  ['[loggers]\nkeys = x', 'has no section [logger_x], which its keys name'],
  ['[loggers]\nnonsense', 'has a line that is no "key = value": nonsense'],
] as const) {
  test(`a file that ${message} is refused`, (t) => {
    t.throws(() => dictOfIni(text, {}), { message });
  });
}

for (const [title, loggers, root, level] of [
  ['keeps what Gunicorn has given it', { 'gunicorn.access': { handlers: ['h'] } }, {}, undefined],
  [
    'has that of the root logger for NOTSET',
    { 'gunicorn.access': { level: 'NOTSET', handlers: ['h'] } },
    { level: 'ERROR' },
    'error',
  ],
  [
    'has that of the logger between them for NOTSET',
    {
      'gunicorn.access': { level: 'NOTSET', handlers: ['h'], propagate: false },
      gunicorn: { level: 'INFO' },
    },
    { level: 'ERROR' },
    'info',
  ],
  [
    'has WARNING for NOTSET where nobody has one, as Python has',
    { 'gunicorn.access': { level: 0, handlers: ['h'] } },
    {},
    'warning',
  ],
  [
    'has every level where NOTSET is said of the root logger, too',
    { 'gunicorn.access': { level: 0, handlers: ['h'] } },
    { level: 'NOTSET' },
    'debug',
  ],
] as const) {
  test(`a logger ${title}`, (t) => {
    const handlers = { h: { class: 'logging.StreamHandler' } };
    t.is(planLogging({ loggers, root, handlers } as never).access?.level, level);
  });
}
